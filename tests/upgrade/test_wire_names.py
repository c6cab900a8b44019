"""Names outlive releases: the table holds every one, and none is ever taken out of it."""

import importlib
import json
import pkgutil
import re
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

import bot
from bot.application import wire_names
from bot.application.conversation.buttons import BUTTONS
from bot.application.conversation.not_me import FREEZE_WORD
from bot.application.outbound.delivery import Delivery
from bot.application.timers.scheduler import FIRES
from bot.domain.events import Event
from handlers.slack import client
from handlers.slack.handling import commands
from handlers.slack.inbound import listeners
from handlers.slack.payloads import intents
from storage import vault
from storage.codec import decode, encode
from tests.support.drivers.office import Office
from tests.upgrade.past import Past, every_past
from tests.upgrade.sample_payloads import read_again
from tests.upgrade.stored_names import kind_of
from tests.volume import ROOT

TABLES: Mapping[str, Mapping[str, type[Any]]] = {
    "EVENTS": wire_names.EVENTS,
    "DELIVERIES": wire_names.DELIVERIES,
}


def leaves(base: type) -> Iterator[type]:
    """The classes of the product that something is made of: those that no other builds on."""
    for child in filter(_stands_in_its_module, base.__subclasses__()):
        yield from list(leaves(child)) or [child]


def _stands_in_its_module(kind: type) -> bool:
    """A slotted dataclass leaves the class it was made from behind."""
    is_kept = getattr(sys.modules[kind.__module__], kind.__name__, None) is kind
    return is_kept and kind.__module__.startswith("bot.")


@pytest.mark.parametrize(
    ("base", "table"), [(Event, wire_names.EVENTS), (Delivery, wire_names.DELIVERIES)]
)
def test_every_class_that_is_stored_has_a_name_of_its_own(
    base: type, table: Mapping[str, type[Any]]
):
    for found in pkgutil.walk_packages(bot.__path__, "bot."):
        importlib.import_module(found.name)

    stored = set(leaves(base))

    assert len(stored) > 10
    assert stored - set(table.values()) == set()
    assert len(set(table.values())) == len(table)


@pytest.mark.parametrize("past", every_past(), ids=lambda past: past.release)
def test_a_released_name_is_never_taken_out(past: Past):
    now = {section: set(getattr(wire_names, section)) for section in past.names}

    assert {s: lost for s, names in past.names.items() if (lost := set(names) - now[s])} == {}


@pytest.mark.parametrize("past", every_past(), ids=lambda past: past.release)
def test_a_released_word_of_a_closed_list_is_still_read(past: Past):
    lost = {
        column: set(words) - {str(one) for one in wire_names.VALUES[column]}
        for column, words in past.values.items()
    }

    assert {column: words for column, words in lost.items() if words} == {}


@pytest.mark.parametrize("past", every_past(), ids=lambda past: past.release)
def test_a_released_payload_is_read_with_each_of_its_fields(past: Past):
    lost: dict[str, list[str]] = {}
    for section, table in TABLES.items():
        for name, payload in past.payloads[section].items():
            written = json.loads(encode(decode(table[name], json.dumps(payload))))
            if fields := differing(payload, written):
                lost[name] = fields

    for name, payload in past.payloads["RECORDS"].items():
        if fields := differing(payload, read_again(name, payload)):
            lost[name] = fields

    assert lost == {}


def differing(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Fields that are gone or changed; new ones may stand beside them."""
    return [field for field, value in old.items() if field not in new or is_lost(value, new[field])]


def is_lost(old: Any, new: Any) -> bool:
    if isinstance(old, dict):
        return bool(differing(old, new))
    if isinstance(old, list):
        return len(old) != len(new) or any(map(is_lost, old, new))
    return old != new


def test_timers_buttons_and_commands_have_no_name_beside_the_table():
    assert set(FIRES) == wire_names.TIMERS
    assert set(BUTTONS) == wire_names.CLIENT_BUTTONS
    assert set(intents.KINDS) == wire_names.SLACK_INTENTS
    assert set(commands.KEPT) == wire_names.SLACK_COMMAND_WORDS
    assert {listeners.ATTACH} == wire_names.SLACK_SHORTCUTS
    assert client.EVENT in wire_names.SLACK_METADATA
    assert {FREEZE_WORD} == wire_names.START_WORDS


async def test_texts_are_sealed_under_labels_of_the_table_only(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    labels: set[str] = set()
    seal = vault.seal

    def watched(key: bytes, label: str, text: bytes) -> bytes:
        labels.add(kind_of(label))
        return seal(key, label, text)

    monkeypatch.setattr(vault, "seal", watched)
    await office.hear()
    await office.go_on(hours=73)

    assert len(labels) > 5
    assert labels - wire_names.SEALS == set()


def test_every_released_version_was_written_down():
    """The newest may still be on its way: its heading says so."""
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    released = {heading.split(",")[0] for heading in headings if "not released" not in heading}

    assert released == {past.release for past in every_past()}
