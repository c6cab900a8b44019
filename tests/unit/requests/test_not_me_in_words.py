"""This was not me, typed in a chat that was told of something: asked once, then as the button."""

import pytest

from bot.application.outbound.to_client import Press, Reply
from bot.domain.addresses import SYSTEM, Language
from bot.domain.clients.events import AccountCutLoose
from bot.wording import say
from tests.support.drivers.asker import Asker, an_asker
from tests.support.drivers.whole_turns import fire_due
from tests.unit.requests.linking import an_old_account, linked
from tests.unit.requests.test_disowning import tied_by_a_request

NOT_ME = "I did not ask for this"
ASKED = say("requests.not_me_ask")
ASKS = [say("requests.not_me_ask", language) for language in Language]


def verbs(reply: Reply) -> list[str]:
    return [choice.press.verb for row in reply.rows for choice in row]


async def told_of_another_s_request() -> tuple[Asker, Asker]:
    owner = await an_old_account()
    stranger, _ = await tied_by_a_request(owner.desk)
    await owner.hears()
    return owner, stranger


async def presses_first(client: Asker) -> None:
    await client.presses(client.last.rows[0][0].press)


@pytest.mark.parametrize("words", [NOT_ME, "eta ami kori nai", "আমি এটা করিনি", "thsi wasnt me"])
async def test_it_is_asked_once_and_nothing_is_done_before_the_press(words: str):
    owner, stranger = await told_of_another_s_request()

    await owner.says(words)

    asked = [one for one in owner.replies if one.text in ASKS]
    assert [verbs(one)[0] for one in asked] == ["request.freeze"]
    assert not stranger.request.facts.is_frozen
    assert owner.desk.facts(AccountCutLoose) == []


async def test_the_press_does_what_the_button_below_the_notice_does():
    owner, stranger = await told_of_another_s_request()
    await owner.says(NOT_ME)

    await presses_first(owner)

    assert stranger.request.facts.is_frozen
    assert stranger.account.person is None
    assert owner.account.person == "person-rahima"


async def test_the_way_out_stands_last_and_does_nothing():
    owner, stranger = await told_of_another_s_request()
    await owner.says(NOT_ME)

    await owner.presses(owner.last.rows[-1][0].press)

    assert not stranger.request.facts.is_frozen


async def test_words_about_something_else_ask_nothing_of_the_kind():
    owner, _ = await told_of_another_s_request()

    said = owner.said(await owner.says("this was not me who broke the router"))

    assert ASKED not in said


async def test_with_nothing_to_stop_they_are_words_like_any_others():
    client = await an_asker()

    said = client.said(await client.says(NOT_ME))

    assert ASKED not in said
    assert "send" in verbs(client.last)


async def test_what_is_frozen_already_is_not_asked_about_again():
    owner, stranger = await told_of_another_s_request()
    await owner.presses(Press("request.freeze", stranger.request.number))

    said = owner.said(await owner.says(NOT_ME))

    assert ASKED not in said


async def test_one_that_ended_meanwhile_is_told_to_staff_and_cuts_the_chat_that_asked():
    owner, stranger = await told_of_another_s_request()
    await stranger.presses(Press("request.withdraw", stranger.request.number))
    await owner.hears()
    await owner.says(NOT_ME)

    await presses_first(owner)

    assert stranger.account.person is None


async def test_the_words_stay_in_the_open_ticket_where_staff_read_them():
    owner, _ = await told_of_another_s_request()

    await owner.says(NOT_ME)

    kept = [one for one in owner.desk.store.messages.values() if one.body == NOT_ME]
    assert [one.ticket for one in kept] == [owner.ticket.id]


async def test_a_chat_account_that_was_tied_can_be_cut_off_by_words():
    owner, later = await with_a_later_account()
    await owner.says(NOT_ME)

    await presses_first(owner)

    assert owner.text == say("identity.cut_loose_here")
    assert later.account.person is None
    assert owner.account.person == "person-rahima"


async def test_the_later_account_cuts_off_nobody_who_was_there_before():
    owner, later = await with_a_later_account()

    said = later.said(await later.says(NOT_ME))
    await later.presses(Press("account.disown", owner.account.id))

    assert ASKED not in said
    assert later.text == say("identity.not_tied_now")
    assert owner.account.person == "person-rahima"


async def test_what_the_earlier_account_asked_is_frozen_by_words_and_the_account_stays():
    owner, later = await with_a_later_account()
    await owner.says("/access")
    await owner.proves()
    await later.hears()
    await later.says(NOT_ME)

    await presses_first(later)

    assert owner.request.facts.is_frozen
    assert owner.account.person == "person-rahima"
    assert later.account.person == "person-rahima"


async def with_a_later_account() -> tuple[Asker, Asker]:
    owner = await an_old_account()
    later = await linked(owner.desk)
    await owner.hears()
    assert later.account.person == "person-rahima"
    return owner, later


async def test_where_nothing_is_open_loose_words_reach_staff_though_nobody_chooses():
    owner = await with_a_closed_ticket_only()
    await owner.says(NOT_ME)
    assert verbs(owner.last) == ["request.freeze", "send"]

    owner.desk.clock.go_on(minutes=4)
    await owner.desk.bus.handle(SYSTEM, fire_due)
    await owner.hears()

    assert owner.bodies(owner.tickets[-1])[-1] == NOT_ME


async def with_a_closed_ticket_only() -> Asker:
    """Another chat of the same person asks for a copy."""
    owner = await an_old_account()
    await owner.presses(Press("ticket.close", owner.ticket.number))
    await tied_by_a_request(owner.desk)
    await owner.hears()
    return owner
