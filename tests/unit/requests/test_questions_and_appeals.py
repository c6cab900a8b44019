"""What staff ask a client of a request, what a client tells a judge, and what the judge answers."""

from bot.application.outbound.to_mailbox import MailNotice
from bot.application.outbound.to_staff import Alert
from bot.domain.addresses import Language
from bot.domain.requests.states import HoldReason, RequestState
from bot.domain.tickets.message import Direction
from tests.support.drivers.asker import Asker, a_person, an_asker
from tests.support.drivers.talker import NOT_STATED
from tests.unit.requests.deciding import approve, asks, deny, does, judge

QUESTION = "Which of your two connections is meant?"


async def an_erasure() -> Asker:
    client = await an_asker()
    a_person(client.desk)
    await client.erases()
    client.desk.clock.go_on(hours=1)
    return client


async def an_appeal(**words: str) -> Asker:
    client = await an_erasure()
    await deny(client.desk, client.request, **words)
    await client.hears()
    await client.taps("Appeal")
    return client


async def test_a_hold_for_an_answer_takes_its_question_to_the_chat_and_to_the_mailbox():
    client = await an_erasure()

    await asks(client.desk, client.request, "ayesha", QUESTION)
    told = client.said(await client.hears())

    assert QUESTION in told
    assert QUESTION in client.letters[-1].text
    assert QUESTION not in repr(client.desk.events)
    notes = [m.body for m in client.desk.store.messages.values() if m.direction is Direction.NOTE]
    assert any(QUESTION in note for note in notes)


async def test_the_next_words_are_the_answer_and_staff_hear_of_it_once():
    client = await an_erasure()
    await asks(client.desk, client.request, "ayesha", QUESTION)
    client.desk.clock.go_on(hours=1)

    await client.says("The one in Mirpur", NOT_STATED)
    await client.says("The one in Mirpur, road 2", NOT_STATED)

    question = client.request.facts.question
    assert question is not None
    assert question.answer is not None
    assert client.desk.message(question.answer).body == "The one in Mirpur"
    alerts = [one for one in client.all_carried if isinstance(one, Alert)]
    assert sum("answered what the hold asked" in one.text for one in alerts) == 1


async def test_the_status_of_a_hold_says_that_the_client_must_answer():
    client = await an_erasure()
    await asks(client.desk, client.request, "ayesha", QUESTION)
    asked = client.said(await client.says("/status"))
    client.desk.clock.go_on(hours=1)
    await client.says("The one in Mirpur", NOT_STATED)

    answered = client.said(await client.says("/status"))

    assert "Please write the answer to our question here" in asked
    assert "Who must act: you" in asked
    assert "Who must act: our staff" in answered


async def test_a_release_tells_where_it_goes_on():
    client = await an_erasure()
    told: list[str] = []

    for name in ("ayesha", "badrul", ""):
        await does(client.desk, client.request, "champa", "hold", HoldReason.INTERNAL)
        await client.hears()
        await does(client.desk, client.request, "champa", "release")
        told.append(client.said(await client.hears()))
        if name:
            await approve(client.desk, client.request, name)
            await client.hears()

    assert "our staff decide about it" in told[0]
    assert "one of two approvals is given" in told[1]
    assert "it is approved, and its waiting time ends on" in told[2]


async def test_a_hold_for_a_possible_fraud_says_that_approvals_count_no_more():
    client = await an_erasure()
    await approve(client.desk, client.request, "ayesha")
    await client.hears()

    await does(client.desk, client.request, "badrul", "hold", HoldReason.FRAUD)

    assert "What was approved before counts no more" in client.said(await client.hears())


async def test_an_appeal_is_taken_at_once_and_its_words_are_kept_for_the_judge():
    client = await an_appeal()
    taken, asked = client.request.state, client.last.text
    client.desk.clock.go_on(minutes=1)

    await client.says("You sold me the line, so you must have my data", NOT_STATED)

    assert taken is RequestState.APPEALED
    assert "Please write it here" in asked
    [words] = client.request.facts.appeals[-1].words
    assert client.desk.message(words).body == "You sold me the line, so you must have my data"


async def test_an_appeal_opens_the_talk_that_staff_had_closed():
    client = await an_erasure()
    await deny(client.desk, client.request)
    await client.hears()
    appeal = client.choice("Appeal").press
    client.desk.ticket(client.ticket.number).close("staff", client.desk.clock.now())

    await client.presses(appeal)
    client.desk.clock.go_on(minutes=1)
    await client.says("Please look again", NOT_STATED)

    assert len(client.request.facts.appeals[-1].words) == 1


async def test_what_the_judge_decides_reaches_the_client_with_its_reason():
    for upholds, words in ((True, "the refusal stands"), (False, "the request goes on")):
        client = await an_appeal()

        await judge(client.desk, client.request, "badrul", upholds=upholds, text="I looked anew.")

        told = client.said(await client.hears())
        letter = client.letters[-1].text
        assert words in told
        assert "The reason: I looked anew." in told
        assert "The reason: I looked anew." in letter
        assert "I looked anew." not in repr(client.desk.events)


async def test_a_judge_who_lets_it_go_on_need_not_say_why():
    client = await an_appeal()

    await judge(client.desk, client.request, "badrul", upholds=False)

    told = client.said(await client.hears())
    assert "the request goes on" in told
    assert "The reason" not in told


async def test_both_languages_carry_the_question():
    client = await an_erasure()
    client.account.language = Language.BN

    await asks(client.desk, client.request, "ayesha", QUESTION)

    said = client.said(await client.hears())
    assert QUESTION in said
    assert "উত্তর" in said
    assert any(isinstance(one, MailNotice) for one in client.all_carried)
