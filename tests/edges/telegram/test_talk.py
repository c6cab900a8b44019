"""What clients say without files: questions, words for tickets, edits, replies, odd commands."""

import pytest

from bot.application.outbound.to_staff import PostMessage, UpdatePost
from bot.domain.tickets.states import TicketKind, TicketState
from tests.support.drivers.rig import a_rig

QUESTION = "How long do you keep my information?"


async def test_a_question_is_answered_with_the_policys_words(rig, alice):
    await alice.say(QUESTION)
    await rig.hear()

    shown = alice.last
    assert shown.labels == ["Helpful", "Show section", "Ask a person"]
    assert any(one["type"] == "blockquote" for one in shown.entities)


async def test_typing_is_shown_while_the_policy_is_read(rig, alice, telegram):
    await alice.say(QUESTION)
    await rig.hear()

    assert len(telegram.record.of("sendChatAction")) == 1


async def test_the_section_of_an_answer_can_be_read(rig, alice):
    await alice.say(QUESTION)
    await rig.hear()
    await alice.tap("Show section")
    await rig.hear()

    assert len(alice.last.text) > 200


async def test_asking_a_person_opens_a_ticket_with_the_question(rig, alice):
    await alice.say(QUESTION)
    await rig.hear()
    await alice.tap("Ask a person")
    await rig.hear()

    (ticket,) = await rig.tickets()
    assert ticket.kind is TicketKind.PRIVACY_QUESTION
    assert (await rig.talk(ticket))[0].body == QUESTION


async def test_the_language_is_chosen_per_client(rig, alice, telegram):
    rahim = telegram.user(1002, "Rahim", language_code="bn")
    await rahim.start()
    await alice.say("/lang")
    await rig.hear()

    await alice.tap("বাংলা")
    await rig.hear()

    assert "বাংলা" in alice.last.text or alice.last.labels[0] != "Ask about privacy"
    assert rahim.last.labels[2] != "Ask about privacy"


async def test_every_button_stops_spinning(rig, alice):
    await alice.say("/start")
    await rig.hear()
    press = await alice.tap("My tickets")
    await rig.hear()

    assert await press.answered()


async def test_words_join_the_only_open_ticket_and_may_be_taken_out_again(rig, alice):
    await rig.opens_ticket(alice)

    await alice.say("It also beeps at night now.")
    await rig.hear()
    (ticket,) = await rig.tickets()
    joined = [one.body for one in await rig.talk(ticket)]
    await alice.tap("Not for this ticket")
    await rig.hear()

    assert joined == ["The router blinks red", "It also beeps at night now."]
    assert [one.body for one in await rig.talk(ticket)] == ["The router blinks red"]


async def test_a_reply_to_what_the_desk_said_of_a_ticket_joins_that_ticket(rig, alice):
    await rig.opens_ticket(alice, "The router blinks red")
    first = alice.last
    await rig.opens_ticket(alice, "My bill of October is wrong by a hundred")

    await alice.reply_to(first, "It stopped blinking, it is off now")
    await rig.hear()

    router, bill = await rig.tickets()
    assert len(await rig.talk(router)) == 2
    assert len(await rig.talk(bill)) == 1


async def test_with_several_tickets_open_the_client_says_which(rig, alice):
    first = (await rig.opens_ticket(alice, "The router blinks red")).number
    await rig.opens_ticket(alice, "My bill of October is wrong by a hundred")

    await alice.say("Nothing has changed since yesterday.")
    await rig.hear()
    choice = next(label for label in alice.last.labels if label.startswith(first))
    await alice.tap(choice)
    await rig.hear()

    router = (await rig.tickets())[0]
    assert [one.body for one in await rig.talk(router)][
        -1
    ] == "Nothing has changed since yesterday."


async def test_an_edit_is_mirrored_with_its_history(rig, alice):
    await rig.opens_ticket(alice)
    said = await alice.say("Since 8 in the morning.")
    await rig.hear()
    rig.staff_side.carried.clear()

    await alice.edit(said, "Since 9 in the morning.")
    await rig.hear()

    (ticket,) = await rig.tickets()
    message = (await rig.talk(ticket))[-1]
    assert message.body == "Since 9 in the morning."
    assert [one.body for one in message.versions] == ["Since 8 in the morning."]
    assert rig.staff_side.of(UpdatePost) == [UpdatePost(ticket.id, message.id)]


async def test_a_clients_words_reach_staff(rig, alice):
    await rig.opens_ticket(alice)

    (ticket,) = await rig.tickets()
    (message,) = await rig.talk(ticket)
    assert rig.staff_side.of(PostMessage) == [PostMessage(ticket.id, message.id)]


async def test_the_list_of_tickets_leads_to_each(rig, alice):
    number = (await rig.opens_ticket(alice)).number

    await alice.say("/tickets")
    await rig.hear()
    await alice.tap(next(label for label in alice.last.labels if label.startswith(number)))
    await rig.hear()

    assert number in alice.last.text
    assert "Transcript" in alice.last.labels


async def test_the_transcript_comes_as_a_file(rig, alice, telegram):
    await rig.opens_ticket(alice)
    await alice.say("/tickets")
    await rig.hear()
    await alice.tap("T-0")
    await rig.hear()
    await alice.tap("Transcript")
    await rig.hear()

    file = telegram.file(alice.last.file_id)
    assert "The router blinks red" in file.content.decode()


async def test_a_ticket_is_closed_and_reopened(rig, alice):
    await rig.opens_ticket(alice)
    await alice.say("/tickets")
    await rig.hear()
    await alice.tap("T-0")
    await rig.hear()
    await alice.tap("Close")
    await rig.hear()
    closed = (await rig.tickets())[0].state
    await alice.tap("Reopen")
    await rig.hear()

    assert closed is TicketState.CLOSED
    assert (await rig.tickets())[0].state is not TicketState.CLOSED


async def test_an_unknown_command_is_answered_with_the_nearest(rig, alice):
    await alice.say("/tikets")
    await rig.hear()

    assert alice.last.labels == ["/tickets"]


@pytest.mark.parametrize(
    "data", ["v0:send:1", "v1:nothing:here", "garbage", "v1::", "v1:put:x:y:z"]
)
async def test_an_old_or_foreign_button_shows_what_can_be_done_now(rig, alice, telegram, data):
    query = {
        "id": "4000000000000000001",
        "from": alice.face,
        "message": alice.last.json,
        "chat_instance": "-1",
        "data": data,
    }
    telegram.inject("callback_query", query)
    await rig.hear()

    assert "New ticket" in alice.last.labels
    assert [one.what for one in telegram.violations] != ["handler"]
    telegram.violations.clear()  # the query is made up: answering it is refused


async def test_a_button_of_a_message_that_is_gone_still_works(rig, alice, telegram):
    await alice.say("/start")
    await rig.hear()
    menu = alice.last
    telegram.world.remove(alice.chat, alice.chat.messages[menu.message_id])

    await alice.tap("My tickets", stale=menu)
    await rig.hear()

    assert not alice.last.is_deleted
    assert alice.last.message_id != menu.message_id


async def test_a_restart_in_the_middle_of_a_new_ticket_loses_nothing(rig, alice, telegram, ground):
    await alice.say("/new")
    await rig.hear()
    await alice.tap("Bill or payment")
    await rig.hear()
    await alice.say("I paid twice")
    await rig.polling.once()
    await rig.stop()

    again = await a_rig(ground, telegram)
    await again.hear()
    await alice.tap("Send")
    await again.hear()
    (ticket,) = await again.tickets()
    await again.stop()

    assert ticket.category == "billing"


async def test_too_fast_a_client_is_told_once_and_nothing_is_lost(rig, alice):
    for number in range(30):
        await alice.say(f"line {number}")
    await rig.hear()

    told = [one for one in alice.messages if one.is_from_bot and "write faster" in one.text]
    assert len(told) == 1
    assert [one.body for one in await rig.loose(alice.id)] == [f"line {n}" for n in range(30)]


async def test_long_words_of_a_client_are_kept_whole(rig, alice):
    text = "ঢাকা 😀 " * 500

    await alice.say(text.strip())
    await rig.hear()

    assert "".join(one.body for one in await rig.loose(alice.id)) == text.strip()


async def test_the_same_update_twice_counts_once(rig, alice, telegram):
    telegram.duplicate_updates = 2
    await alice.say("The line is dead")
    await rig.hear()

    assert [one.body for one in await rig.loose(alice.id)] == ["The line is dead"]
    assert len([one for one in alice.messages if "Send this to support" in one.text]) == 1


async def test_updates_out_of_order_are_all_kept(rig, alice, telegram):
    telegram.hold()
    for number in range(5):
        await alice.say(f"word {number}")
    telegram.release(reverse=True, renumber=True)
    await rig.hear()

    assert {one.body for one in await rig.loose(alice.id)} == {f"word {n}" for n in range(5)}
