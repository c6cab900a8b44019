"""Every dialog: opened, filled in, refused where it is wrong, done where it is right."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.tickets.message import Direction
from bot.domain.tickets.states import Priority, TicketState
from handlers.sandbox.telegram import VirtualUser
from tests.support.drivers.office import SUPPORT, Office


async def test_reply_by_dialog_reaches_the_client(either: Office, alice: VirtualUser):
    ticket = await either.a_ticket(alice)

    await either.clicks(either.bob, ticket, "Reply")
    errors = await either.bob.submit({"Reply to the client": "Please restart *the* router."})
    await either.hear()
    await either.go_on(seconds=6)

    assert errors == {}
    assert either.bob.modal is None
    assert either.words_to(alice)[-1] == "Please restart *the* router."
    post = (await either.thread(ticket))[-1]
    assert "Bob" in str(post.blocks)
    assert "✓ sent" in str(post.blocks)


async def test_a_canned_reply_fills_the_field_in_either_language(
    office: Office, alice: VirtualUser
):
    ticket = await office.a_ticket(alice)
    await office.clicks(office.bob, ticket, "Reply")

    await office.bob.choose("Canned reply", "Hello, we are on it", "modal")
    await office.hear()
    filled = str(office.bob.modal and office.bob.modal.state)
    await office.bob.choose("Canned reply", "bn:hello", "modal")
    await office.hear()
    in_bangla = str(office.bob.modal and office.bob.modal.state)
    await office.bob.submit()
    await office.hear()
    await office.go_on(seconds=6)

    assert f"Hello Alice, thank you for writing. I am looking into {ticket.number}" in filled
    assert "Alice" in in_bangla
    assert in_bangla != filled
    assert ticket.number in office.words_to(alice)[-1]


async def test_a_preview_shows_exactly_what_the_client_will_read(
    office: Office, alice: VirtualUser
):
    ticket = await office.a_ticket(alice)
    await office.clicks(office.bob, ticket, "Reply")
    await office.bob.choose("Reply to the client", "5 < 6 & *bold*", "modal")

    await office.bob.click("Preview", "modal")
    view = await office.bob.expect_modal("The client will read")
    await office.bob.submit()
    await office.hear()
    await office.go_on(seconds=6)

    assert "The client will read:\n5 < 6 & *bold*" in str(view.blocks).replace("\\n", "\n")
    assert office.words_to(alice)[-1] == "5 < 6 & *bold*"


async def test_an_empty_reply_is_refused_in_the_dialog(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)
    await office.clicks(office.bob, ticket, "Reply")

    errors = await office.bob.submit({"Reply to the client": " \u200b "})

    assert list(errors.values()) == [
        "There is nothing in it yet. Please write something or add a file."
    ]


async def test_a_note_by_dialog_stays_between_staff(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)

    await office.clicks(office.bob, ticket, "Note")
    await office.bob.submit({"text": ">> not even so"})
    await office.hear()
    await office.go_on(seconds=6)

    assert (await office.rig.talk(ticket))[-1].direction is Direction.NOTE
    assert "not even so" in str([one.blocks for one in await office.thread(ticket)])
    assert office.words_to(alice) == []


async def test_resolve_needs_a_resolution_and_a_tag(either: Office, alice: VirtualUser):
    ticket = await either.a_ticket(alice)
    await either.clicks(either.bob, ticket, "Resolve")

    no_tag = await either.bob.submit({"Resolution": "Cable replaced", "Tags": " , "})
    too_long = await either.bob.submit({"Resolution": "Cable replaced", "Tags": "x" * 31})
    done = await either.bob.submit({"Resolution": "Cable replaced", "Tags": "Cable, line 7"})
    await either.hear()

    found = await either.ticket(ticket)
    assert list(no_tag) == list(too_long) == ["tags"]
    assert done == {}
    assert (found.state, found.tags) == (TicketState.RESOLVED, ("cable", "line 7"))
    assert "is resolved" in either.words_to(alice)[-1]
    assert "Cable replaced" not in str(either.words_to(alice))


async def test_last_words_go_to_the_client_before_the_resolution(
    office: Office, alice: VirtualUser
):
    ticket = await office.a_ticket(alice)
    await office.clicks(office.bob, ticket, "Resolve")

    await office.bob.submit(
        {"Resolution": "Done", "Tags": "cable", "Last words to the client": "All is well now."}
    )
    await office.hear()
    await office.go_on(seconds=6)

    words = office.words_to(alice)
    assert any("All is well now." in one for one in words)
    assert (await office.ticket(ticket)).state is TicketState.RESOLVED


async def test_what_is_over_cannot_be_resolved_from_an_old_dialog(
    office: Office, alice: VirtualUser
):
    ticket = await office.a_ticket(alice)
    await office.clicks(office.bob, ticket, "Resolve")
    await office.clicks(office.ann, ticket, "Close")

    errors = await office.bob.submit({"Resolution": "Done", "Tags": "cable"})

    [told] = errors.values()
    assert told.startswith("This cannot be done while the ticket is closed. It was ann, ")
    assert told.endswith("Reopen it first; a note can always be written.")


async def test_priority_tags_and_assignee_are_set_by_dialog(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)

    await office.clicks(office.bob, ticket, "Priority")
    await office.bob.submit({"Priority": "P1, most urgent"})
    await office.clicks(office.bob, ticket, "Tags")
    await office.bob.submit({"Tags": "vip; line 7"})
    await office.clicks(office.bob, ticket, "Assign")
    await office.bob.submit({"Assignee": "Ann"})
    await office.hear()
    await office.go_on(seconds=4)

    found = await office.ticket(ticket)
    assert (found.priority, found.tags) == (Priority.P1, ("vip", "line 7"))
    assert "<@U0ANN>" in str((await office.card(ticket)).blocks)
    told = [one.text for one in office.ann.direct.messages.values()]
    assert told == [f"{ticket.number} was assigned to you."]


async def test_snooze_takes_a_span_or_a_time_to_come(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)
    now = office.rig.stage.clock.now()
    await office.clicks(office.bob, ticket, "Snooze")

    past = int((now - timedelta(hours=1)).timestamp())
    refused = await office.bob.submit({"Or until": past})
    await office.bob.submit({"Or until": None, "Sleep for": "Four hours"})
    await office.hear()

    assert list(refused.values()) == ["That time has passed. Please choose a later one."]
    assert (await office.ticket(ticket)).snooze_until == now + timedelta(hours=4)


async def test_a_snoozed_ticket_is_woken_from_its_card(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)
    await office.clicks(office.bob, ticket, "Snooze")
    until = datetime(2030, 1, 1, tzinfo=UTC)
    await office.bob.submit({"Or until": int(until.timestamp())})
    await office.hear()
    await office.go_on(seconds=4)

    await office.clicks(office.bob, ticket, "Wake")

    assert (await office.ticket(ticket)).state is TicketState.OPEN


async def test_merge_searches_the_same_clients_tickets(office: Office, alice: VirtualUser):
    first = await office.a_ticket(alice, "The internet is slow in the evening")
    other = await office.a_ticket(alice, "My invoice shows a wrong amount")

    await office.clicks(office.bob, other, "Merge")
    offered = await office.bob.search("Merge into", "internet slow")
    errors = await office.bob.submit({"Merge into": first.number})
    await office.hear()

    assert offered == [first.number]
    assert errors == {}
    assert (await office.ticket(other)).merged_into == first.id
    assert "one matter" in office.words_to(alice)[-1] or "same matter" in office.words_to(alice)[-1]


async def test_a_message_from_elsewhere_is_attached_as_a_note(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)
    said = await office.ann.say(SUPPORT, "Mast 12 is down since nine")

    await office.bob.message_shortcut("attach_to_ticket", SUPPORT, said.ts)
    await office.hear()
    await office.bob.search("Ticket", ticket.number)
    await office.bob.submit({"Ticket": ticket.number})
    await office.hear()
    await office.go_on(seconds=6)

    note = (await office.rig.talk(ticket))[-1]
    assert note.direction is Direction.NOTE
    assert "Mast 12 is down since nine" in note.body
    assert "Ann" in note.body
    assert office.words_to(alice) == []


async def test_private_data_of_dialogs_holds_ids_only(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice, "My number is 01711000101")

    for label in ("Reply", "Note", "Resolve", "Priority", "Tags", "Assign", "Snooze", "Merge"):
        await office.clicks(office.bob, ticket, label)
        assert office.bob.modal is not None
        data = office.bob.modal.given["private_metadata"]
        assert ticket.id in data
        assert len(data) < 80
        await office.bob.close_modal()


@pytest.mark.parametrize("times", [1, 3])
async def test_a_dialog_that_is_sent_several_times_is_done_once(
    office: Office, alice: VirtualUser, times: int
):
    ticket = await office.a_ticket(alice)
    await office.clicks(office.bob, ticket, "Reply")
    office.slack.duplicate_interactions = times

    await office.bob.submit({"text": "Only once, please."})
    await office.hear()
    await office.go_on(seconds=6)

    assert office.words_to(alice).count("Only once, please.") == 1
