"""The shell acts in somebody's name: they are told at once, and the log knows who typed it."""

from datetime import timedelta

import pytest

from bot.application.ports.tickets import TicketFilter
from bot.application.staff_desk.export import TicketsExported, allow_export
from bot.application.staff_desk.replies import reply
from bot.application.staff_desk.shell_names import TERMS, ShellDeed
from bot.application.staff_desk.staff import add_staff, list_staff
from bot.application.staff_desk.words import Words, write_note
from bot.domain.addresses import Language, Role, StaffId
from bot.domain.errors import NotAllowed, Refused
from bot.domain.staff import StaffAdded
from bot.wording import say
from tests.support.builders.desk import Desk, a_desk, a_member, a_ticket
from tests.support.drivers.shell import OS_USER, posted, told, typed_events, types

WORDS = Words(text="Please restart it once.")


@pytest.fixture
async def desk() -> Desk:
    made = a_desk()
    await a_member(made, "carol", role=Role.APPROVER)
    await a_member(made, "bob")
    await a_member(made, "gone", active=False)
    return made


async def test_whoever_is_named_is_told_what_was_done_and_by_which_user_of_the_machine(desk: Desk):
    ticket = await a_ticket(desk)

    await types(
        desk, ShellDeed.REPLY, reply, named="UBOB", about="T-1", ticket=ticket.number, words=WORDS
    )

    (word,) = told(desk, "bob")
    assert "answered the client in T-1 in your name" in word
    assert OS_USER in word
    assert typed_events(desk) == [("staff-bob", "reply")]


async def test_what_was_typed_in_a_name_counts_as_done_by_that_person(desk: Desk):
    ticket = await a_ticket(desk)

    sent = await types(
        desk, ShellDeed.REPLY, reply, named="@UBOB", ticket=ticket.number, words=WORDS
    )

    assert desk.message(sent).author.id == "staff-bob"


async def test_nobody_is_told_of_what_was_refused(desk: Desk):
    with pytest.raises(Refused):
        await types(desk, ShellDeed.REPLY, reply, named="UBOB", ticket="T-404", words=WORDS)

    assert told(desk, "bob") == []
    assert typed_events(desk) == []


@pytest.mark.parametrize("deed", [one for one in ShellDeed if not TERMS[one].needs_nobody])
async def test_without_a_name_it_is_refused_and_the_option_is_named(desk: Desk, deed: ShellDeed):
    with pytest.raises(Refused) as refused:
        await types(desk, deed, list_staff)

    assert "--as SLACK_USER" in say(refused.value.key)


@pytest.mark.parametrize("person", ["UGONE", "UNOBODY"])
async def test_who_left_or_never_was_here_cannot_be_named(desk: Desk, person: str):
    with pytest.raises(NotAllowed, match="not_on_the_list"):
        await types(desk, ShellDeed.NOTE, write_note, named=person, ticket="1", words=WORDS)


async def test_whom_slack_lets_do_nothing_cannot_be_named(desk: Desk):
    desk.store.staff[StaffId("staff-bob")].fault = "deactivated"

    with pytest.raises(NotAllowed, match="not_on_the_list"):
        await types(desk, ShellDeed.NOTE, write_note, named="UBOB", ticket="1", words=WORDS)


async def test_who_is_away_cannot_be_named_since_they_would_not_see_it(desk: Desk):
    until = desk.clock.now() + timedelta(days=1)
    desk.store.staff[StaffId("staff-bob")].away_until = until

    with pytest.raises(NotAllowed, match="is_away"):
        await types(desk, ShellDeed.NOTE, write_note, named="UBOB", ticket="1", words=WORDS)


async def test_what_is_for_approvers_takes_one(desk: Desk):
    adding = {"slack_user": "U0EVE", "role": Role.APPROVER}

    with pytest.raises(NotAllowed, match="takes_an_approver"):
        await types(desk, ShellDeed.CHANGE_STAFF, add_staff, named="UBOB", **adding)
    await types(desk, ShellDeed.CHANGE_STAFF, add_staff, named="UCAROL", about="U0EVE", **adding)

    assert any("the list of staff (U0EVE) in the name of @UCAROL" in line for line in posted(desk))


async def test_whoever_begins_a_desk_names_nobody():
    desk = a_desk()

    await types(desk, ShellDeed.CHANGE_STAFF, add_staff, slack_user="U0BOB", role=Role.AGENT)

    assert [one.slack_user for one in await desk.bus.look(list_staff)] == ["U0BOB"]
    assert desk.store.log[0].actor.os_user == OS_USER


async def test_until_there_is_an_approver_anybody_on_the_list_may_make_one():
    desk = a_desk()
    await a_member(desk, "bob")
    adding = {"slack_user": "U0SAL", "role": Role.APPROVER}

    await types(desk, ShellDeed.CHANGE_STAFF, add_staff, named="UBOB", **adding)

    assert desk.facts(StaffAdded)[0].counts_from == desk.clock.now() + timedelta(hours=24)


async def test_a_job_says_its_name_and_the_log_keeps_it(desk: Desk):
    ticket = await a_ticket(desk)

    await types(
        desk, ShellDeed.NOTE, write_note, job="nightly-check", ticket=ticket.number, words=WORDS
    )

    assert typed_events(desk) == [("nightly-check", "note")]


@pytest.mark.parametrize(
    "deed",
    [
        ShellDeed.OPEN_REQUEST,
        ShellDeed.CHANGE_STAFF,
        ShellDeed.MERGE_CLIENTS,
        ShellDeed.SHOW_CLIENT,
    ],
)
async def test_who_decides_and_who_a_client_is_takes_a_person(desk: Desk, deed: ShellDeed):
    with pytest.raises(Refused, match="takes_a_person"):
        await types(desk, deed, list_staff, job="nightly")


async def test_a_name_of_a_job_cannot_pass_for_something_else(desk: Desk):
    with pytest.raises(Refused, match="not_a_job"):
        await types(desk, ShellDeed.NOTE, list_staff, job="staff:bob")


async def test_an_export_of_personal_data_goes_without_a_name_and_is_told_of(desk: Desk):
    choice = {"which": TicketFilter(), "form": "csv", "personal": True}

    await types(desk, ShellDeed.EXPORT_PERSONAL, allow_export, **choice)

    assert len(desk.facts(TicketsExported)) == 1
    assert any(OS_USER in line and "nobody was named" in line for line in posted(desk))


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("deed", list(ShellDeed))
def test_every_deed_has_words(deed: ShellDeed, language: Language):
    assert say(f"shell.did_{deed}", language, about="T-1")
