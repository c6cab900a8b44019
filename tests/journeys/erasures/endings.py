"""What must be so at the end of an erasure, looked at from outside."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.requests.execution_events import CertificateIssued
from bot.domain.requests.request import DataRequest
from handlers.documents.signed_json import look_at
from handlers.sandbox.company.customers import MENTIONS
from handlers.sandbox.company.held_rows import held_rows
from handlers.sandbox.company.provider_schema import TABLES
from handlers.sandbox.sample_people import ClientPart
from tests.journeys.erasures.town import Town
from tests.journeys.erasures.town_client import Client

APART = ("company.db", "company.yaml", "settings.json", "lock", "clock")
"""What lies in the folder and is not the desk's."""
Json = dict[str, Any]


def names_of(part: ClientPart) -> list[str]:
    """By what somebody would look for this client."""
    local = "0" + part.phone.removeprefix("+880")
    return [part.email, part.phone, local, part.username, part.name]


async def bytes_are_gone(town: Town, words: Iterable[str]) -> None:
    """No file of the desk holds any of it: neither the store nor what stands beside it."""
    found = [
        (file.name, word)
        for file in sorted(town.folder.iterdir())
        if file.name not in APART and not file.name.startswith("company.db")
        for word in words
        if word.encode() in file.read_bytes()
    ]
    assert found == []


def slack_is_clean(town: Town, words: Iterable[str]) -> None:
    """Nobody of staff can read it any more, wherever they look."""
    state = town.world.slack.state
    shown = [asdict(m) for c in state.world.channels.values() for m in c.messages.values()]
    for person in town.world.slack.people.values():
        shown += [asdict(one) for one in person.ephemerals]
        shown += [one.shape() for one in (person.modal, person.home) if one is not None]
    text = json.dumps(shown, ensure_ascii=False, default=str)
    assert [word for word in words if word in text] == []


def company_is_right(town: Town, part: ClientPart) -> None:
    """What a law keeps is kept, all else of theirs is gone, and nobody else's row is touched.

    In the notes about others that speak of them, their address and their number are masked.
    """
    now = town.world.clock.now()
    after, owner = town.tables(), whose(town, part)
    rows = {name: as_rows(town, name, town.began[name]) for name in TABLES}
    held = held_rows(rows, now)
    for table in TABLES:
        theirs = owner.get(table, set())
        kept = theirs & after[table].keys()
        assert kept == theirs & held[table].keys(), table
        others = town.began[table].keys() - theirs
        changed = {key for key in others if after[table].get(key) != town.began[table][key]}
        assert all(table == "support_notes" and is_mention(town, key) for key in changed), table
    text = str(after)
    assert [word for word in (part.email, part.phone, part.username) if word in text] == []


def is_mention(town: Town, key: int) -> bool:
    return any(note in str(town.began["support_notes"][key]) for _, note in MENTIONS)


def whose(town: Town, part: ClientPart) -> dict[str, set[int]]:
    """The keys of their rows as it began."""
    tables = town.world.company._tables  # noqa: SLF001  # as the page has read them
    return {
        name: {key for key, number in one.whose.items() if number == part.external_id}
        for name, one in tables.items()
    }


def as_rows(town: Town, table: str, cells: dict[int, tuple[object, ...]]) -> list[Json]:
    columns = town.world.company._tables[table].columns  # noqa: SLF001  # likewise
    return [dict(zip(columns, one, strict=True)) for one in cells.values()]


async def certificates_hold(client: Client, number: str, *, chats: int = 1, mails: int = 1) -> Json:
    """One last word by each way, with the same certificate; what it says."""
    town = client.town

    def have_come() -> bool:
        return len(client.certificates()) >= chats + mails

    await town.comes(have_come, f"the certificate of {number}")
    signed = client.certificates()
    assert len(signed) == chats + mails
    assert all(look_at(one).is_good for one in signed)
    assert len(set(signed)) == 1
    facts = look_at(signed[0]).facts
    assert facts is not None
    assert facts["number"] == number
    return facts


async def nothing_is_left(
    town: Town,
    request: DataRequest,
    part: ClientPart | None,
    words: Iterable[str],
    *,
    certificates: int = 1,
) -> None:
    """All of it: files, Slack, the company's rows, the log. `part`: who they are on the list."""
    sought = [*words]
    if part is not None:
        company_is_right(town, part)
    await bytes_are_gone(town, sought)
    slack_is_clean(town, sought)
    assert await issued(town, request) == certificates
    report = await town.desk.records.verify_audit("")
    assert (report.first_bad, report.tampered) == (None, ())


def left_of(town: Town, part: ClientPart) -> dict[str, set[int]]:
    """The keys of their rows that are there."""
    after = town.tables()
    found = {name: keys & after[name].keys() for name, keys in whose(town, part).items()}
    return {name: keys for name, keys in found.items() if keys}


async def one_more_certificate(town: Town, request: DataRequest, known: int) -> None:
    async def has() -> bool:
        return await issued(town, request) > known

    await town.comes(has, f"another certificate of {request.number}")


async def issued(town: Town, request: DataRequest) -> int:
    """How many certificates the log says were issued."""
    return await town.desk.bus.look(_issued, request)


async def _issued(work: UnitOfWork, request: DataRequest) -> int:
    rows = await work.log.of(request.stream)
    return sum(isinstance(one.event, CertificateIssued) for one in rows)
