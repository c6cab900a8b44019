"""My tickets: list, card, add, close, reopen, transcript; nobody else's, ever."""

import pytest

from bot.application.config import DeskConfig
from bot.application.outbound.to_client import Press
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import SYSTEM, Actor, MessageId
from bot.domain.tickets.message import DeliveryStatus, Direction, Message
from bot.domain.tickets.states import TicketState
from bot.domain.tickets.ticket import Ticket
from bot.wording import say
from tests.support.drivers.talker import NOT_STATED, Talker, a_talker

MANY = DeskConfig(tickets_per_day=50, messages_per_minute=500)


async def staff_say(
    client: Talker, ticket: Ticket, text: str, *, to: Direction, delivery: DeliveryStatus
) -> None:
    async def write(work: UnitOfWork) -> None:
        await work.messages.add(
            Message(
                id=MessageId(f"staff-{text}"),
                account=client.account.id,
                ticket=ticket.id,
                direction=to,
                author=Actor.parse("staff:bob-the-agent"),
                body=text,
                at=work.clock.now(),
                delivery=delivery,
            )
        )

    await client.desk.bus.handle(SYSTEM, write)


async def test_with_no_tickets_a_new_one_is_offered():
    client = await a_talker()

    await client.taps("My tickets")

    assert client.last.text == say("client_tickets.none")
    assert client.labels == ["New ticket", "Show my older tickets"]


async def test_the_list_comes_in_pages_of_five_newest_first():
    client = await a_talker(MANY)
    for number in range(7):
        await client.opens_ticket(f"{'abcdefg'[number] * 9} matter")

    await client.says("/tickets")

    shown = [label[:8] for label in client.labels if label.startswith("T-")]
    assert shown == [f"T-{number:06d}" for number in (7, 6, 5, 4, 3)]
    assert "Older ›" in client.labels
    assert "‹ Newer" not in client.labels
    assert "Your tickets (7), newest first; page 1 of 2" in client.last.text


async def test_the_next_page_shows_the_rest_and_leads_back():
    client = await a_talker(MANY)
    for number in range(7):
        await client.opens_ticket(f"{'abcdefg'[number] * 9} matter")
    await client.says("/tickets")

    await client.taps("Older ›")

    assert [label[:8] for label in client.labels if label.startswith("T-")] == [
        "T-000002",
        "T-000001",
    ]
    assert "‹ Newer" in client.labels


@pytest.mark.parametrize("page", ["99", "-1", "x", "٣", "9" * 40])
async def test_a_page_that_is_not_there_gives_one_that_is(page: str):
    client = await a_talker()
    await client.opens_ticket()

    await client.presses(Press("tickets", page))

    assert "page 1 of 1" in client.last.text


async def test_a_ticket_shows_its_state_what_happens_next_and_its_timeline():
    client = await a_talker()
    ticket = await client.opens_ticket()
    await client.says("/tickets")

    await client.taps(f"T-000001 · {ticket.subject}")

    assert say("client_tickets.state_new") in client.last.text
    assert say("client_tickets.next_new") in client.last.text
    assert "What happened (Dhaka time):" in client.last.text
    assert "22 Nov 10:00 — You: No internet since this morning" in client.last.text
    assert client.labels == ["Add", "Close", "Transcript", "My tickets"]


@pytest.mark.parametrize("state", list(TicketState))
async def test_every_state_has_its_card(state: TicketState):
    client = await a_talker()
    ticket = await client.opens_ticket()
    client.desk.ticket(ticket.id).state = state

    await client.presses(Press("ticket.show", ticket.number))

    expected = state is not TicketState.SPAM
    assert (say(f"client_tickets.state_{state}") in client.last.text) is expected


async def test_status_shows_the_only_open_ticket():
    client = await a_talker()
    await client.opens_ticket()

    await client.says("/status")

    assert say("client_tickets.next_new") in client.last.text


async def test_status_takes_a_number():
    client = await a_talker()
    await client.opens_ticket()
    await client.opens_ticket("The bill of October seems to be wrong")

    await client.says("/status T-000001")

    assert "No internet" in client.last.text


async def test_status_with_several_open_shows_the_list():
    client = await a_talker()
    await client.opens_ticket()
    await client.opens_ticket("The bill of October seems to be wrong")

    await client.says("/status")

    assert "newest first" in client.last.text


@pytest.mark.parametrize("text", ["/status T-000099", "/tickets 7"])
async def test_a_number_that_is_not_there_is_said_to_be_not_there(text: str):
    client = await a_talker()

    await client.says(text)

    assert client.last.text == say("conversation.not_found")


async def test_neither_notes_nor_what_has_not_arrived_are_ever_shown():
    client = await a_talker()
    ticket = await client.opens_ticket()
    await staff_say(client, ticket, "a-note", to=Direction.NOTE, delivery=DeliveryStatus.NONE)
    await staff_say(client, ticket, "held-back", to=Direction.OUT, delivery=DeliveryStatus.HELD)
    await staff_say(client, ticket, "undone", to=Direction.OUT, delivery=DeliveryStatus.UNDONE)
    await staff_say(client, ticket, "arrived", to=Direction.OUT, delivery=DeliveryStatus.SENT)

    await client.says("/status")
    await client.taps("Transcript")

    document = client.last.document
    assert document is not None
    for text in (document.content, client.replies[-2].text):
        assert "arrived" in text
        assert not any(word in text for word in ("a-note", "held-back", "undone", "bob"))


async def test_the_transcript_is_a_text_file_with_every_word_and_its_time():
    client = await a_talker()
    await client.opens_ticket()
    await client.sends_file("router.jpg", "This light is red")

    await client.says("/status")
    await client.taps("Transcript")

    document = client.last.document
    assert document is not None
    assert (document.name, document.mime) == ("T-000001.txt", "text/plain")
    assert "No internet since this morning" in document.content
    assert "You\n    This light is red\n    [photo: router.jpg]" in document.content
    assert "22 November 2026, 10:00 (Dhaka time) — You" in document.content


async def test_a_card_has_no_more_than_its_last_eight_entries():
    client = await a_talker(MANY)
    await client.opens_ticket()
    for number in range(12):
        await client.says(f"word {number}", NOT_STATED)

    await client.says("/status")

    assert "word 11" in client.last.text
    assert "word 3" not in client.last.text


async def test_a_merged_ticket_leads_to_where_its_talk_goes_on():
    client = await a_talker()
    first = await client.opens_ticket()
    second = await client.opens_ticket("The bill of October seems to be wrong")
    await client.staff_does("merge_into", first, client.desk.ticket(second.id))

    await client.says("/status T-000001")

    assert "T-000002" in client.last.text


@pytest.mark.parametrize(
    "verb",
    [
        "ticket.show",
        "ticket.add",
        "ticket.close",
        "ticket.reopen",
        "ticket.transcript",
        "ticket.broken",
        "new",
    ],
)
async def test_somebody_elses_ticket_is_said_to_be_not_there(verb: str):
    alice = await a_talker()
    ticket = await alice.opens_ticket()
    bob = await a_talker(user="bob", desk=alice.desk)

    await bob.presses(Press(verb, ticket.number))

    assert bob.last.text == say("conversation.not_found")
    assert alice.desk.ticket(ticket.id).state is TicketState.NEW


async def test_every_button_fits_what_telegram_carries():
    client = await a_talker(MANY)
    for number in range(3):
        await client.opens_ticket(f"{'abcdefg'[number] * 9} matter")
    await client.says("Which one is this?", NOT_STATED)
    await client.says("One more", NOT_STATED)
    await client.says("/tickets")
    await client.says("delete my data")

    presses = [one.press for said in client.replies for row in said.rows for one in row]

    assert max(len(f"{one.verb}{one.ref}".encode()) for one in presses) <= 46
