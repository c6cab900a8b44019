"""This was not me, said of a request: the chat that asked sees nothing of the person any more."""

import pytest

from bot.application.outbound.to_client import Press
from bot.domain.clients.events import AccountCutLoose
from bot.wording import say
from tests.support.builders.desk import Desk
from tests.support.drivers.asker import Asker, an_asker
from tests.unit.requests.linking import an_old_account, linked

DRAFTED = "My router blinks red"


async def tied_by_a_request(desk: Desk) -> tuple[Asker, str]:
    """Another chat proves to be Rahima for a copy of her data; the word of that notice's link."""
    stranger = await an_asker(desk, user="4712")
    await stranger.says("/access")
    await stranger.proves()
    assert stranger.account.person == "person-rahima"
    notice = next(one for one in stranger.letters if "proved to be you" in one.text)
    return stranger, notice.text.rsplit("/start ", 1)[1].split()[0]


async def test_this_was_not_me_on_a_request_cuts_the_chat_that_asked_loose():
    owner = await an_old_account()
    stranger, word = await tied_by_a_request(owner.desk)
    presser = await an_asker(owner.desk, user="9999")

    said = presser.said(await presser.says(f"/start {word}"))

    assert say("identity.cut_loose_here") in said
    assert stranger.request.facts.is_frozen
    assert stranger.account.person is None
    assert len(owner.desk.facts(AccountCutLoose)) == 1
    await stranger.says("/tickets")
    assert owner.ticket.number not in stranger.text
    assert owner.account.person == "person-rahima"


async def test_a_request_that_ended_meanwhile_still_cuts_the_chat_that_asked_loose():
    owner = await an_old_account()
    stranger, word = await tied_by_a_request(owner.desk)
    await stranger.presses(Press("request.withdraw", stranger.request.number))

    said = owner.said(await owner.says(f"/start {word}"))

    assert "has ended already" in said
    assert stranger.account.person is None


async def test_freeze_below_a_notice_in_another_chat_of_the_person_cuts_it_loose_too():
    owner = await an_old_account()
    stranger, _ = await tied_by_a_request(owner.desk)

    said = owner.said(await owner.presses(Press("request.freeze", stranger.request.number)))

    assert say("identity.cut_loose_here") in said
    assert stranger.request.facts.is_frozen
    assert stranger.account.person is None
    assert owner.account.person == "person-rahima"


async def earlier_and_later(asks: str) -> tuple[Asker, Asker]:
    """The owner, who asks for a copy in the account that was tied first, and one tied after it."""
    owner = await an_old_account()
    if asks == "before the tie":
        await asks_for_a_copy(owner)
    later = await linked(owner.desk)
    if asks == "after the tie":
        await asks_for_a_copy(owner)
    assert later.account.person == "person-rahima"
    await later.hears()
    return owner, later


async def asks_for_a_copy(client: Asker) -> None:
    await client.says("/access")
    await client.proves()


@pytest.mark.parametrize("asks", ["before the tie", "after the tie"])
async def test_freeze_in_a_chat_that_was_tied_later_freezes_and_cuts_nobody(asks: str):
    owner, later = await earlier_and_later(asks)

    said = later.said(await later.presses(Press("request.freeze", owner.request.number)))

    assert owner.request.facts.is_frozen
    assert say("requests.frozen_here", number=owner.request.number) in said
    assert say("identity.cut_loose_here") not in said
    assert owner.account.person == "person-rahima"
    assert owner.desk.facts(AccountCutLoose) == []


async def test_the_link_of_a_mail_cuts_the_earlier_chat_too_whoever_presses():
    owner, later = await earlier_and_later("after the tie")
    notice = next(one for one in reversed(owner.letters) if "proved to be you" in one.text)

    await later.says(f"/start {notice.text.rsplit('/start ', 1)[1].split()[0]}")

    assert owner.request.facts.is_frozen
    assert owner.account.person is None
    assert later.account.person == "person-rahima"


@pytest.mark.parametrize("how", ["link", "button"])
async def test_a_chat_that_freezes_its_own_request_stays_tied(how: str):
    owner = await an_old_account()
    asker, word = await tied_by_a_request(owner.desk)

    if how == "link":
        await asker.says(f"/start {word}")
    else:
        await asker.presses(Press("request.freeze", asker.request.number))

    assert asker.request.facts.is_frozen
    assert asker.account.person == "person-rahima"
    assert owner.desk.facts(AccountCutLoose) == []


async def test_whoever_cut_a_chat_loose_by_mistake_is_heard_by_staff():
    owner = await an_old_account()
    _, word = await tied_by_a_request(owner.desk)
    presser = await an_asker(owner.desk, user="9999")
    await presser.says(f"/start {word}")

    await presser.says("How long does this take? That chat is my own tablet")

    assert presser.bodies(presser.ticket) == ["How long does this take? That chat is my own tablet"]


async def test_where_a_draft_is_open_a_button_leads_to_staff_and_the_draft_stays():
    owner = await an_old_account()
    _, word = await tied_by_a_request(owner.desk)
    presser = await with_a_draft(owner.desk)

    await presser.says(f"/start {word}")

    asked = next(one for one in presser.replies if "If this was a mistake" in one.text)
    button = asked.rows[0][0]
    assert asked.text == say("identity.cut_loose_here_button", button=button.label)
    await presser.presses(button.press)
    assert DRAFTED in presser.text
    assert presser.tickets == []


async def test_a_freeze_that_came_too_late_leaves_an_open_draft_as_it_is():
    owner = await an_old_account()
    stranger, word = await tied_by_a_request(owner.desk)
    await stranger.presses(Press("request.withdraw", stranger.request.number))
    presser = await with_a_draft(owner.desk)

    said = presser.said(await presser.says(f"/start {word}"))

    button = say("conversation.menu_new")
    state = say("requests.state_withdrawn")
    number = stranger.request.number
    ended = say("requests.frozen_ended_button", number=number, state=state, button=button)
    assert ended in said
    await presser.taps("Send")
    assert presser.bodies(presser.ticket) == [DRAFTED]


async def test_a_press_on_what_is_tied_no_more_leaves_an_open_draft_as_it_is():
    owner = await an_old_account()
    presser = await with_a_draft(owner.desk)

    said = presser.said(await presser.presses(Press("account.disown", owner.account.id)))

    button = say("conversation.menu_new")
    assert say("identity.not_tied_now_button", button=button) in said
    await presser.taps("Send")
    assert presser.bodies(presser.ticket) == [DRAFTED]


async def with_a_draft(desk: Desk) -> Asker:
    client = await an_asker(desk, user="9999")
    await client.says(f"/new {DRAFTED}")
    await client.taps("Technical problem")
    return client
