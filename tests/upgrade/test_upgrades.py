"""The store of an earlier release under the code of today: nothing that was stored is lost."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import select

from bot.application.ports.tickets import TicketFilter
from bot.domain.requests.states import RequestState
from bot.domain.tickets.states import TicketState
from bot.domain.tickets.ticket import Ticket
from handlers.sandbox.telegram import VirtualUser
from handlers.sandbox.telegram.clients.users import Press
from handlers.slack.card_refs import request_card_ref
from storage import audit_chain
from storage.checks.state_check import find_tampered
from storage.models.audit import EventRow, FactRow
from storage.models.queue import InboxRow, OutboxRow
from storage.models.workspace import CardRefRow
from tests.support.drivers.office import PRIVACY, SUPPORT, Office
from tests.support.stores.stages import Stage
from tests.upgrade.past import Past
from tests.upgrade.stored_names import unknown_names

NO_ADAPTER = {"MailCode", "MailNotice"}
"""No mail server is part of this story: they wait for one."""


PREFIXES = {"ticket": "card", "request": "request-card"}
CARD_KEYS = ("card:", "request-card:")
MOVED = ("slack.card:", "slack.request", "slack.refused:", "slack.file:")
"""Key-values of releases before 0.2 that have tables of their own now."""


def client(office: Office, past: Past, name: str) -> VirtualUser:
    return office.rig.telegram.user(past.world["telegram"]["chats"][name]["id"])


async def ticket(office: Office, past: Past, name: str) -> Ticket:
    async with office.rig.stage.reading() as work:
        (found,) = await work.tickets.find(TicketFilter(number_part=past.world["notes"][name]))
    return found


async def rows(stage: Stage, *columns: object) -> list[tuple[str, ...]]:
    assert stage.store is not None
    async with stage.store.database.session(writes=False) as session:
        found = await session.execute(select(*columns))  # pyright: ignore[reportCallIssue, reportArgumentType]
        return [tuple(row) for row in found]


async def report(stage: Stage, *, expected_head: str = "") -> audit_chain.ChainReport:
    assert stage.store is not None
    async with stage.store.database.session(writes=False) as session:
        return await audit_chain.verify(session, stage.store.keys, expected_head=expected_head)


def key_of(post: Mapping[str, Any]) -> str:
    """By which the desk knows its post again."""
    return str(((post["metadata"] or {}).get("event_payload") or {}).get("key", ""))


def cards_of(office: Office) -> list[tuple[str, tuple[str, str]]]:
    """The key and the place of every card that stands in a channel, oldest first."""
    return [
        (key, (channel.id, post.ts))
        for channel in (office.slack.channel(SUPPORT), office.slack.channel(PRIVACY))
        for post in channel.messages.values()
        if (key := key_of(vars(post))).startswith(CARD_KEYS)
    ]


def read_by(one: VirtualUser) -> str:
    """What the desk said to a client, as it stands in the chat."""
    return "\n".join(message.text for message in one.visible if message.is_from_bot)


async def test_the_log_of_events_goes_on_from_the_same_head(past: Past, upgraded: Stage):
    head = past.world["head"]

    found = await report(upgraded, expected_head=head)

    sealing = await rows(upgraded, EventRow.seq, EventRow.type)
    assert (found.first_bad, found.reason) == (None, "")
    assert (found.rows, sealing[-1][1]) == (past.world["events"] + 1, "StateSealed")


async def test_every_row_of_an_earlier_release_is_sealed(upgraded: Stage):
    async with upgraded.context.database.session(writes=False) as session:
        assert await find_tampered(session, upgraded.context.keys.state) == []


async def test_every_event_is_read_again(upgraded: Stage):
    streams = {stream for (stream,) in await rows(upgraded, EventRow.stream)}

    async with upgraded.reading() as work:
        log = [row for stream in sorted(streams) for row in await work.log.of(stream)]

    assert len(log) > 40
    assert [row.type for row in log if row.event is None] == []


async def test_no_name_in_the_store_is_unknown(upgraded: Stage):
    assert await unknown_names(upgraded) == {}


async def test_words_that_waited_arrive_on_the_other_side(past: Past, office: Office):
    alice, carol = client(office, past, "Alice"), client(office, past, "Carol")
    first, second = await ticket(office, past, "first"), await ticket(office, past, "second")

    await office.hear()
    await office.go_on(seconds=10)

    below_first = str([post.blocks for post in await office.thread(first)])
    below_second = str([post.blocks for post in await office.thread(second)])
    assert "The light is still red" in below_first
    assert "by the dialog" in below_first
    assert "A line that waited" in below_first
    assert "Please restart it." in read_by(alice)
    assert "Waiting words" in read_by(alice)
    assert "A reply that waits." in read_by(carol)
    assert "internal note" in below_second
    assert "internal note" not in read_by(alice) + read_by(carol)


async def test_nothing_that_waited_is_given_up(upgraded: Stage, office: Office):
    await office.hear()
    await office.go_on(seconds=10)
    await office.go_on(seconds=10)

    inbox = await rows(upgraded, InboxRow.state, InboxRow.error)
    outbox = await rows(upgraded, OutboxRow.kind, OutboxRow.state, OutboxRow.error)
    assert set(inbox) == {("done", "")}
    assert {row for row in outbox if row[1] != "done"} == {
        (kind, "queued", "") for kind in NO_ADAPTER
    }


async def test_what_was_under_way_goes_out_once_more_and_says_so(past: Past, office: Office):
    alice = client(office, past, "Alice")

    await office.go_on(minutes=2)

    (again,) = [one.text for one in alice.visible if "Waiting words" in one.text]
    assert again.startswith("(You may have this message already")


async def test_what_staff_did_in_slack_before_is_done(past: Past, upgraded: Stage, office: Office):
    await office.hear()
    await office.go_on(seconds=10)

    second = await ticket(office, past, "second")
    async with upgraded.reading() as work:
        staff = {one.slack_user: one for one in await work.staff.everyone()}
    assert second.assignee == staff["U0ANN"].id
    assert staff["U0BOB"].away_until is not None
    assert office.ann.home is not None


async def test_an_open_dialog_goes_on_where_it_stood(past: Past, office: Office):
    dina = client(office, past, "Dina")
    await office.hear()

    await dina.tap("Send")
    await office.hear()

    cards = str([card.blocks for card in await office.cards()])
    assert "The line is dead since noon" in cards
    assert "T-000008" in read_by(dina)


async def test_an_erasure_comes_out_of_its_hold(past: Past, office: Office):
    number = past.world["notes"]["erasure"]
    await office.hear()

    await office.go_on(hours=73)
    await office.go_on(seconds=5)

    async with office.rig.stage.reading() as work:
        request = await work.requests.numbered(number)
    place = await office.rig.desk.bus.look(request_card_ref, request=request.id)
    assert request.state is RequestState.COOLING_OFF
    assert len(request.facts.approvals) == 2
    assert place is not None
    assert "carries it out now" in str(office.slack.channel(PRIVACY).messages[place.ts].blocks)


async def test_a_ticket_that_slept_wakes(past: Past, office: Office):
    await office.hear()

    await office.go_on(days=2, minutes=1)

    assert (await ticket(office, past, "sleeping")).state is not TicketState.SNOOZED


async def test_a_card_of_before_takes_presses(past: Past, office: Office):
    await office.hear()
    first = await ticket(office, past, "first")

    await office.clicks(office.bob, first, "Claim")
    await office.bob.click("Resolve", SUPPORT, (await office.place(first)).ts)
    await office.hear()
    errors = await office.bob.submit({"resolution": "restarted", "tags": "router"})
    await office.hear()

    assert errors == {}
    assert (await ticket(office, past, "first")).state is TicketState.RESOLVED


async def test_every_card_of_before_is_known_by_where_it_stands(past: Past, upgraded: Stage):
    known = {
        f"{PREFIXES[kind]}:{about}": (channel, ts)
        for kind, about, channel, ts in await rows(
            upgraded, CardRefRow.kind, CardRefRow.about, CardRefRow.channel, CardRefRow.ts
        )
    }
    standing = {
        key: (channel, post["ts"])
        for channel, posts in past.world["slack"].items()
        for post in posts
        if (key := key_of(post)).startswith(CARD_KEYS)
    }

    assert len(standing) > 8
    assert known == standing
    assert {
        name for (name,) in await rows(upgraded, FactRow.name) if name.startswith(MOVED)
    } == set()


async def test_cards_of_before_are_edited_and_not_posted_anew(office: Office):
    before = cards_of(office)
    shown = {place: office.slack.channel(place[0]).messages[place[1]].blocks for _, place in before}

    await office.hear()
    await office.go_on(days=3)
    await office.go_on(seconds=10)

    after = cards_of(office)
    changed = [
        place
        for place, blocks in shown.items()
        if office.slack.channel(place[0]).messages[place[1]].blocks != blocks
    ]
    assert [card for card in after if card[0] in dict(before)] == before
    assert changed != []


@pytest.mark.parametrize("drawn", ["before", "anew"])
async def test_a_request_of_before_can_be_approved_by_its_card(
    past: Past, office: Office, drawn: str
):
    """By the button as that release drew it, and as it is drawn today."""
    if drawn == "anew":
        await office.hear()
    async with office.rig.stage.reading() as work:
        copy = await work.requests.numbered(past.world["notes"]["copy"])
    place = await office.rig.desk.bus.look(request_card_ref, request=copy.id)
    assert place is not None

    await office.ann.click("Approve", PRIVACY, place.ts)
    await office.hear()
    errors = await office.ann.submit()
    await office.hear()

    async with office.rig.stage.reading() as work:
        copy = await work.requests.numbered(past.world["notes"]["copy"])
    assert errors == {}
    assert len(copy.facts.approvals) == 1


async def test_every_button_in_a_chat_is_still_understood(past: Past, office: Office):
    """In whatever order: each gets an answer, and none is put aside as an update that failed."""
    await office.hear()
    pressed = 0

    for name in past.world["telegram"]["chats"]:
        one = client(office, past, name)
        for bubble in [message for message in one.visible if message.is_from_bot]:
            for button in bubble.all_buttons():
                press = await one.tap(button.label, stale=bubble)
                assert isinstance(press, Press)
                pressed += 1
                await office.rig.hear()
    await office.hear()

    assert pressed > 60
    assert {state for (state,) in await rows(office.rig.stage, InboxRow.state)} == {"done"}


@pytest.mark.parametrize("link", ["freeze_token", "cutting_link"])
async def test_a_link_in_a_mail_still_works(past: Past, office: Office, link: str):
    await office.hear()
    token = past.world["notes"][link].rpartition("f_")[2]
    owner = office.rig.telegram.user(4_000_000_000_888, "Owner")

    await owner.start(f"f_{token}")
    await office.hear()

    said = read_by(owner)
    assert ("is frozen" if link == "freeze_token" else "no longer sees anything of yours") in said


async def test_the_log_goes_on_from_the_old_head(past: Past, office: Office):
    await office.hear()
    await office.go_on(hours=73)

    found = await report(office.rig.stage, expected_head=past.world["head"])

    assert (found.first_bad, found.reason) == (None, "")
    assert found.rows > past.world["events"]
