"""A reply belongs to the ticket it answers; what is written after a resolved one is told apart."""

from bot.application.outbound.to_staff import PostMessage
from bot.domain.tickets.states import TicketState
from bot.wording import say
from tests.support.drivers.talker import NOT_STATED, a_talker, an_answer, two_open


async def test_a_reply_to_ones_own_message_in_a_ticket_joins_that_ticket():
    client = await a_talker()
    await two_open(client)
    first, _ = client.tickets
    remote = next(
        key[2]
        for key, (message, _) in client.desk.store.links.items()
        if message == client.talk(first)[0].id and key[0] == "telegram"
    )

    await client.says("As I said", NOT_STATED, reply_to_remote=remote)

    assert client.bodies(first)[-1] == "As I said"
    assert client.talk(first)[-1].reply_to == client.talk(first)[0].id


async def test_a_reply_to_what_the_desk_said_of_a_ticket_joins_that_ticket():
    client = await a_talker()
    first = await client.opens_ticket()
    about = client.remotes[client.last.text]
    await client.opens_ticket("The bill of October seems to be wrong")

    await client.says("As I said", an_answer(), reply_to_remote=about)

    assert client.bodies(first)[-1] == "As I said"


async def test_a_reply_to_a_ticket_wins_over_a_flow():
    client = await a_talker()
    ticket = await client.opens_ticket()
    about = client.remotes[client.last.text]
    await client.says("/new")

    await client.says("As I said", reply_to_remote=about)

    assert client.bodies(ticket)[-1] == "As I said"


async def test_a_reply_to_a_merged_ticket_joins_the_one_in_which_its_talk_goes_on():
    client = await a_talker()
    first = await client.opens_ticket()
    about = client.remotes[client.last.text]
    second = await client.opens_ticket("The bill of October seems to be wrong")
    await client.staff_does("merge_into", first, client.desk.ticket(second.id))

    await client.says("As I said", reply_to_remote=about)

    assert client.bodies(second)[-1] == "As I said"


async def test_a_reply_to_a_ticket_set_aside_as_spam_goes_the_way_of_any_text():
    client = await a_talker()
    ticket = await client.opens_ticket()
    about = client.remotes[client.last.text]
    await client.staff_does("mark_as_spam", ticket)

    await client.says("As I said", NOT_STATED, reply_to_remote=about)

    assert client.last.text == say("conversation.send_to_support")


async def test_a_reply_to_a_closed_ticket_offers_to_reopen_it_with_these_words():
    client = await a_talker()
    ticket = await client.opens_ticket()
    about = client.remotes[client.last.text]
    await client.staff_does("close", ticket, "client")
    await client.says("Down again", reply_to_remote=about)

    await client.taps("Reopen")

    assert client.desk.ticket(ticket.id).state is TicketState.OPEN
    assert client.bodies(ticket)[-1] == "Down again"


async def test_reopening_with_the_same_words_twice_adds_them_once():
    client = await a_talker()
    ticket = await client.opens_ticket()
    about = client.remotes[client.last.text]
    await client.staff_does("close", ticket, "client")
    await client.says("Down again", reply_to_remote=about)
    await client.taps("Reopen")

    await client.taps("Reopen")

    assert client.bodies(ticket).count("Down again") == 1


async def test_a_reply_to_a_ticket_closed_long_ago_offers_a_new_one():
    client = await a_talker()
    ticket = await client.opens_ticket()
    about = client.remotes[client.last.text]
    await client.staff_does("close", ticket, "client")
    client.desk.clock.go_on(days=15)

    await client.says("Down again", reply_to_remote=about)

    assert client.last.text == say("conversation.closed_for_good", number="T-000001")
    assert client.labels == ["New ticket"]


async def test_thanks_for_a_resolved_matter_leave_it_resolved_and_staff_read_them():
    client = await a_talker()
    ticket = await client.has_resolved()

    await client.says("Thank you!")

    assert client.desk.ticket(ticket.id).state is TicketState.RESOLVED
    assert client.bodies(ticket)[-1] == "Thank you!"
    posted = [one.message for one in client.carried if isinstance(one, PostMessage)]
    assert posted[-1] == client.talk(ticket)[-1].id
    assert client.labels == ["Still broken?"]


async def test_a_reply_with_more_than_thanks_opens_a_resolved_ticket_again():
    client = await a_talker()
    ticket = await client.has_resolved()
    about = client.remotes[client.last.text]

    await client.says("Thanks, but it is down again", reply_to_remote=about)

    assert client.desk.ticket(ticket.id).state is TicketState.OPEN
    assert client.last.text == say("conversation.added_and_reopened", number="T-000001")


async def test_with_only_a_resolved_ticket_text_may_go_to_support_or_back_into_it():
    client = await a_talker()
    ticket = await client.has_resolved()
    await client.says("Down again", NOT_STATED)

    await client.taps("Add to T-000001")

    assert client.desk.ticket(ticket.id).state is TicketState.OPEN
    assert client.bodies(ticket)[-1] == "Down again"


async def test_thanks_with_two_resolved_tickets_belong_to_none():
    client = await a_talker()
    await client.has_resolved()
    await client.has_resolved("The bill of October seems to be wrong")

    await client.says("Thank you")

    assert client.last.text == say("conversation.you_are_welcome")
