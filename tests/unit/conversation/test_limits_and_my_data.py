"""Who writes too fast is kept and told once; wishes about one's own data lead to My data."""

import pytest

from bot.application.config import DeskConfig
from bot.application.outbound.to_client import Press
from bot.domain.addresses import SYSTEM
from bot.domain.tickets.states import TicketKind
from bot.wording import say
from tests.support.drivers.talker import NOT_STATED, a_talker, an_answer
from tests.support.drivers.whole_turns import fire_due


async def test_too_many_messages_are_kept_joined_and_the_client_told_once():
    client = await a_talker(DeskConfig(messages_per_minute=3))
    ticket = await client.opens_ticket()

    replies = [await client.says(f"word {count}", NOT_STATED) for count in range(8)]

    assert client.bodies(ticket)[1:] == [f"word {count}" for count in range(8)]
    said = [reply.text for several in replies for reply in several]
    assert said.count(say("conversation.throttled")) == 1
    assert len(said) == 3


async def test_too_many_messages_with_nothing_open_are_kept_for_later():
    client = await a_talker(DeskConfig(messages_per_minute=1))

    for count in range(4):
        await client.says(f"word {count}", NOT_STATED)

    assert client.bodies(None) == [f"word {count}" for count in range(4)]


async def test_too_many_messages_within_a_draft_are_all_in_it():
    client = await a_talker(DeskConfig(messages_per_minute=2))
    await client.says("/new")
    await client.taps("Technical problem")
    for count in range(5):
        await client.says(f"word {count}")

    await client.taps("Send")

    assert client.bodies(client.ticket) == [f"word {count}" for count in range(5)]


async def test_after_a_quiet_minute_the_client_is_answered_again():
    client = await a_talker(DeskConfig(messages_per_minute=1))
    await client.says("one", NOT_STATED)
    await client.says("two", NOT_STATED)
    client.desk.clock.go_on(minutes=2)

    await client.says("three", NOT_STATED)

    assert client.last.text == say("conversation.send_to_support")


async def test_the_engine_is_not_asked_for_throttled_text():
    client = await a_talker(DeskConfig(messages_per_minute=1))
    await client.says("one", NOT_STATED)

    assert not await client.wants_answer("How long do you keep my data?")


@pytest.mark.parametrize("act", ["press", "command", "menu"])
async def test_a_flood_of_commands_and_presses_is_left_undone_and_told_once(act: str):
    client = await a_talker(DeskConfig(messages_per_minute=2))
    does = {
        "press": lambda: client.presses(Press("help")),
        "command": lambda: client.says("/help"),
        "menu": lambda: client.says("My tickets"),
    }[act]

    said = [reply.text for _ in range(9) for reply in await does()]
    client.desk.clock.go_on(minutes=2)
    later = await does()

    assert said.count(say("conversation.throttled")) == 1
    assert len(said) == 4  # the /start of before counts too
    assert [reply.text for reply in later] == said[:1]


async def test_the_words_of_a_command_are_kept_though_they_come_too_fast():
    client = await a_talker(DeskConfig(messages_per_minute=1))

    for count in range(3):
        await client.says(f"/new word {count}")

    assert client.bodies(None) == [f"word {count}" for count in range(3)]


@pytest.mark.parametrize(
    "text", ["delete my data", "amar data muche den", "আমার তথ্য মুছে দিন", "send me my data"]
)
async def test_a_wish_about_ones_own_data_leads_to_my_data(text: str):
    client = await a_talker()
    await client.taps("English")

    await client.says(text, an_answer())

    assert client.labels == [
        "Get my data",
        "Erase my data",
        "My requests",
        "Correct my data",
        "Change my e-mail or phone",
        "Stop using my data",
        "Something else: send to support",
    ]
    assert client.bodies(None) == [text]


async def test_erase_my_data_opens_an_erasure_ticket_with_what_was_written():
    client = await a_talker()
    await client.says("delete my data")

    await client.taps("Erase my data")

    assert client.ticket.kind is TicketKind.ERASURE
    assert client.bodies(client.ticket) == ["delete my data"]
    assert "R-000001" in client.last.text


async def test_asking_for_the_same_twice_leads_to_the_open_request():
    client = await a_talker()
    await client.says("/access")

    await client.says("/access")

    assert len(client.tickets) == 1
    assert client.replies[-2].text == say("requests.open_already", number="R-000001")


async def test_my_requests_lists_them():
    client = await a_talker()
    await client.says("/mydata")
    await client.taps("My requests")
    empty = client.last.text
    await client.taps("Get my data")

    await client.taps("My requests")

    assert empty == say("client_data.no_requests")
    assert client.labels == ["R-000001 · a copy of your data · waiting for your proof of identity"]


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Erase my data", TicketKind.ERASURE),
        ("Get my data", TicketKind.ACCESS),
        ("Correct my data", TicketKind.PRIVACY_QUESTION),
    ],
)
async def test_a_data_request_is_not_refused_for_the_number_of_tickets(
    label: str, kind: TicketKind
):
    client = await a_talker(DeskConfig(tickets_per_day=1))
    await client.opens_ticket()
    await client.says("/mydata")

    await client.taps(label)

    assert [ticket.kind for ticket in client.tickets] == [TicketKind.SUPPORT, kind]


async def test_what_a_chat_did_is_forgotten_after_a_day_though_no_code_is_ever_sent():
    client = await a_talker(DeskConfig(mail_works=False))
    await client.says("/help")

    client.desk.clock.go_on(hours=1)
    await client.desk.bus.handle(SYSTEM, fire_due)
    kept = sum(len(spent) for spent in client.desk.store.spendings.values())
    for _ in range(2):
        client.desk.clock.go_on(hours=24)
        await client.desk.bus.handle(SYSTEM, fire_due)

    assert kept > 0
    assert not any(client.desk.store.spendings.values())
