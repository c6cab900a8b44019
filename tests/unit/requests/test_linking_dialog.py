"""What the talk says and keeps while a chat is being tied to a person."""

from bot.application.config import DeskConfig
from bot.application.outbound.to_client import Press
from bot.domain.identity.codes import DIGITS
from bot.domain.requests.record import Subject
from bot.wording import say
from tests.support.drivers.asker import EMAIL, PHONE, an_asker
from tests.unit.requests.linking import OLDER, a_new_account, an_old_account


async def test_the_code_mail_says_what_it_is_for_and_carries_the_link():
    first = await an_old_account()
    second = await a_new_account(first.desk)
    await second.taps(OLDER)
    await second.says(EMAIL)
    letter = second.letters[-1]

    await first.says("/start " + letter.text.rsplit("/start ", 1)[1])
    await second.says(second.code)
    await second.shares()

    assert letter.subject == say("identity.mail_subject_link_account")
    assert second.text == say("identity.link_frozen")


async def test_known_unknown_and_cut_off_addresses_are_answered_alike():
    first = await an_old_account()
    texts: list[list[tuple[str, tuple[str, ...]]]] = []
    for number, address in enumerate((EMAIL, "nobody@example.com", "gone@example.com")):
        client = await an_asker(first.desk, user=f"51{number}")
        client.replies.clear()
        await client.says("/tickets")
        await client.taps(OLDER)
        await client.says(address)
        await client.says("00000000")
        await client.taps("I can't read that e-mail")
        texts.append(
            [
                (one.text, tuple(choice.label for row in one.rows for choice in row))
                for one in client.replies
            ]
        )

    assert texts[0] == texts[1] == texts[2]


async def test_the_budgets_of_a_request_count_for_the_tie_too():
    """Five challenges a chat a day, whatever they are for."""
    first = await an_old_account()
    second = await a_new_account(first.desk)
    await second.taps(OLDER)
    for _ in range(7):
        await second.says(EMAIL)
        second.desk.clock.go_on(minutes=30)

    assert len([one for one in second.letters if "Your code" in one.text]) <= 5


async def test_a_code_for_the_tie_proves_no_request_and_the_other_way_round():
    first = await an_old_account()
    second = await a_new_account(first.desk)
    await second.says("/erase")
    await second.says(EMAIL)
    for_erasure = second.code
    second.desk.clock.go_on(minutes=5)
    await second.presses(Press("link"))
    await second.says(EMAIL)
    for_tie = second.code

    await second.says(for_erasure)
    assert second.text.startswith(say("identity.code_not_accepted"))
    await second.says(for_tie)

    assert len(for_tie) == DIGITS
    assert second.request.facts.proofs.code_at is None


async def test_what_is_asked_next_ends_the_wait_for_an_address():
    first = await an_old_account()
    second = await a_new_account(first.desk)
    await second.taps(OLDER)
    await second.says("/erase")

    await second.says(EMAIL)
    await second.says(second.code)
    await second.shares()

    assert second.request.subject == Subject(person=first.account.person)
    assert second.request.is_verified


async def test_an_address_that_is_typed_here_is_stored_nowhere():
    first = await an_old_account()
    second = await a_new_account(first.desk)
    await second.taps(OLDER)
    await second.says(EMAIL)

    rows = [*second.desk.store.messages.values(), *second.desk.store.flows.values()]
    assert not any(EMAIL in repr(row) or PHONE in repr(row) for row in rows)


async def test_without_mail_the_way_is_said_to_be_closed():
    client = await an_asker(rules=DeskConfig(mail_works=False))
    await client.says("/tickets")

    await client.taps(OLDER)

    assert client.text == say("identity.link_impossible")


async def test_whoever_is_known_already_sees_the_list():
    first = await an_old_account()

    await first.presses(Press("link"))

    assert first.ticket.number in first.text


async def test_send_me_a_code_asks_for_the_address_first():
    first = await an_old_account()
    second = await a_new_account(first.desk)

    await second.presses(Press("link.send"))
    assert second.text == say("identity.link_begin")
    await second.says(EMAIL)
    second.desk.clock.go_on(minutes=5)
    await second.taps("Send me a code")

    assert second.text == say("identity.code_on_its_way")
    assert len(second.letters) == 2
