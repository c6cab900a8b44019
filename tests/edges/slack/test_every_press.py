"""A press always has an answer: what stood in its way, and what to do; what was typed stays."""

import pytest

from bot.application.staff_desk.staff import remove_staff
from bot.domain.addresses import OPERATOR
from bot.domain.errors import Unavailable
from handlers.sandbox.slack import Person
from handlers.sandbox.telegram import VirtualUser
from handlers.slack.handling.view_errors import not_opened
from handlers.slack.rate_limits import TooBusy
from tests.support.drivers.office import SUPPORT, Office

VIEW_ERRORS = {
    "err:expired_trigger_id": "came too late",
    "err:exchanged_trigger_id": "came too late",
    "err:invalid_trigger_id": "came too late",
    "err:not_found": "closed or changed meanwhile",
    "err:hash_conflict": "closed or changed meanwhile",
    "err:view_too_large": "too much in it",
    "err:push_limit_reached": "Too many dialogs",
    "429": "press again in",
    "500": "does not answer the desk",
    "html502": "does not answer the desk",
    "reset": "does not answer the desk",
    "err:internal_error": "does not answer the desk",
    "err:something_of_next_year": "something_of_next_year",
}


def _told(person: Person) -> list[str]:
    """What only this person reads: beside the button, or by direct message."""
    return [one.text for one in (*person.ephemerals, *person.direct.messages.values())]


@pytest.mark.parametrize(("fault", "words"), VIEW_ERRORS.items())
async def test_a_dialog_that_slack_does_not_open_is_told_to_whoever_pressed(
    office: Office, alice: VirtualUser, fault: str, words: str
):
    ticket = await office.a_ticket(alice)
    office.slack.faults.add(fault, "views.open")

    await office.clicks(office.bob, ticket, "Reply")

    assert office.bob.modal is None
    [told] = _told(office.bob)
    assert words in told
    assert "<" not in told


async def test_commands_and_shortcuts_that_open_nothing_are_told_too(
    office: Office, alice: VirtualUser
):
    ticket = await office.a_ticket(alice)
    place = await office.place(ticket)
    office.slack.faults.add("err:expired_trigger_id", "views.open", times=3)

    await office.bob.command("/desk new", SUPPORT)
    await office.bob.command("/desk request", SUPPORT)
    await office.bob.message_shortcut("attach_to_ticket", SUPPORT, place.ts)
    await office.hear()

    assert ["came too late" in one for one in _told(office.bob)] == [True] * 3


async def test_an_answer_goes_by_direct_message_where_the_channel_takes_none(
    office: Office, alice: VirtualUser
):
    ticket = await office.a_ticket(alice)
    office.slack.faults.add("err:expired_trigger_id", "views.open")
    office.slack.faults.add("500", "response_url")
    office.slack.faults.add("err:user_not_in_channel", "chat.postEphemeral")

    await office.clicks(office.bob, ticket, "Reply")

    assert office.bob.ephemerals == []
    [said] = office.bob.direct.messages.values()
    assert "came too late" in said.text


@pytest.mark.parametrize("fault", ["err:not_found", "err:hash_conflict", "429", "reset"])
async def test_a_dialog_that_slack_does_not_change_is_told(
    office: Office, alice: VirtualUser, fault: str
):
    ticket = await office.a_ticket(alice)
    await office.clicks(office.bob, ticket, "Reply")
    office.slack.faults.add(fault, "views.update")

    await office.bob.choose("Canned reply", "Hello, we are on it", "modal")
    await office.hear()

    assert len(_told(office.bob)) == 1


async def test_a_press_that_breaks_is_told(
    office: Office, alice: VirtualUser, monkeypatch: pytest.MonkeyPatch
):
    ticket = await office.a_ticket(alice)

    async def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("handlers.slack.handling.submissions.Submissions.check_open", broken)
    await office.clicks(office.bob, ticket, "Reply")

    assert ["Something went wrong" in one for one in _told(office.bob)] == [True]


async def test_work_that_breaks_is_told_once_and_tried_again(
    office: Office, alice: VirtualUser, monkeypatch: pytest.MonkeyPatch
):
    ticket = await office.a_ticket(alice)

    async def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("handlers.slack.handling.dispatcher.IntentDispatcher._do", broken)
    await office.clicks(office.bob, ticket, "Claim")
    for _ in range(3):
        await office.go_on(seconds=3)

    assert ["Something went wrong" in one for one in _told(office.bob)] == [True]


class TestWhileTheStoreIsAway:
    """Nothing is kept then: what was typed stays where it was typed."""

    async def test_a_button_is_answered(self, office: Office, alice: VirtualUser):
        ticket = await office.a_ticket(alice)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("handlers.slack.inbound.listeners.Listeners._keep", _full)
            await office.clicks(office.bob, ticket, "Claim")

        [told] = _told(office.bob)
        assert told.startswith("Nothing was done: The disk is full.")

    async def test_a_dialog_stays_open_with_the_words(self, office: Office, alice: VirtualUser):
        ticket = await office.a_ticket(alice)
        await office.clicks(office.bob, ticket, "Reply")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("handlers.slack.inbound.listeners.Listeners._keep", _full)
            errors = await office.bob.submit({"Reply to the client": "Please restart it."})

        again = await office.bob.submit()
        await office.hear()
        await office.go_on(seconds=6)
        assert "Your words stay here" in str(errors)
        assert again == {}
        assert office.words_to(alice) == ["Please restart it."]

    async def test_commands_are_answered(self, office: Office):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("handlers.slack.inbound.listeners.Listeners._keep", _full)
            patch.setattr("handlers.slack.handling.commands.Commands.answer", _full)
            await office.bob.command("/desk away 3d", SUPPORT)
            await office.bob.command("/desk list", SUPPORT)
            await office.hear()

        assert ["Nothing was done" in one for one in _told(office.bob)] == [True, True]

    @pytest.mark.parametrize("away", ["store", "slack"])
    async def test_whoever_cannot_be_checked_now_loses_no_word(
        self, office: Office, alice: VirtualUser, away: str
    ):
        ticket = await office.a_ticket(alice)
        await office.clicks(office.bob, ticket, "Reply")
        await office.bob.choose("Reply to the client", "Please restart it.", "modal")
        with pytest.MonkeyPatch.context() as patch:
            if away == "store":
                patch.setattr("handlers.slack.access.AccessCheck._fault", _full)
            else:
                patch.setattr("handlers.slack.people.People.member", _nobody)
            errors = await office.bob.submit()
            await office.clicks(office.bob, ticket, "Claim")

        again = await office.bob.submit()
        assert "Your words stay here" in str(errors)
        assert ["Nothing was done" in one for one in _told(office.bob)] == [True]
        assert again == {}


async def _full(*_: object, **__: object) -> None:
    raise Unavailable("store.full")


async def _nobody(*_: object) -> None:
    return None


async def test_somebody_who_lost_the_role_gets_their_words_back(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)
    await office.clicks(office.bob, ticket, "Reply")
    await office.rig.desk.bus.handle(OPERATOR, remove_staff, slack_user="U0BOB")

    await office.bob.submit({"text": "A long answer of mine"})

    assert office.bob.modal is not None
    assert "not on the list" in str(office.bob.modal.blocks)
    assert "A long answer of mine" in str(office.bob.modal.blocks)


async def test_a_dialog_whose_answer_was_lost_is_sent_again_and_done_once(
    office: Office, alice: VirtualUser
):
    ticket = await office.a_ticket(alice)
    await office.clicks(office.bob, ticket, "Resolve")
    modal = office.bob.modal
    assert modal is not None
    await office.bob.submit({"Resolution": "Cable replaced", "Tags": "cable"})
    await office.hear()
    office.slack.state.views.stacks["U0BOB"] = [modal]

    again = await office.bob.submit()
    await office.hear()

    assert again == {}
    assert office.bob.modal is None
    assert len([one for one in await _events(office, ticket.id) if one == "TicketResolved"]) == 1


async def _events(office: Office, ticket: str) -> list[str]:
    async with office.rig.stage.reading() as work:
        return [row.type for row in await work.log.of(f"ticket:{ticket}")]


async def test_what_is_refused_after_the_dialog_closed_comes_back_privately(
    office: Office, alice: VirtualUser, monkeypatch: pytest.MonkeyPatch
):
    ticket = await office.a_ticket(alice)
    words = "First line of a long answer.\n" * 110
    await office.clicks(office.bob, ticket, "Reply")
    await office.bob.choose("Reply to the client", words[:3000], "modal")
    await office.clicks(office.ann, ticket, "Close")
    monkeypatch.setattr("handlers.slack.handling.submissions.Submissions.checked", _unchecked)

    await office.bob.submit()
    await office.hear()

    [back] = [one for one in office.bob.direct.messages.values() if one.blocks]
    shown = "".join(block["text"]["text"] for block in back.blocks[1:])
    assert shown.strip() == words[:3000].strip()
    assert "closed" in back.blocks[0]["text"]["text"]
    assert words[:20] not in str([one.blocks for one in await office.thread(ticket)])


async def _unchecked(_self: object, _staff: object, form: object) -> object:
    return form


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("lst", "There is no `/desk lst`.\nDid you mean `/desk list`?"),
        ("exprot csv", "Did you mean `/desk export`?"),
        ("hepl", "Did you mean `/desk help`?"),
        ("zzz", "There is no `/desk zzz`."),
        ("*<!channel>*", "There is no `/desk *&lt;!channel&gt;*`."),
        ("find", "`/desk find` needs more"),
        ("show", "`/desk show` needs more"),
    ],
)
async def test_words_that_no_command_is_are_named_with_the_nearest(
    office: Office, typed: str, told: str
):
    await office.bob.command(f"/desk {typed}", SUPPORT)

    [said] = _told(office.bob)
    assert told in said
    assert "/desk list [words]" in said


@pytest.mark.parametrize(
    ("error", "key"),
    [(TooBusy(2.2), "dialog_busy"), (TimeoutError(), "dialog_unreachable"),
     (OSError(), "dialog_unreachable")],
)  # fmt: skip
def test_a_crowd_and_a_broken_line_have_words_too(error: Exception, key: str):
    assert not_opened(error).key == f"slack_words.{key}"
