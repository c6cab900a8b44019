"""`privacydesk requests plan` and `hand-over`, as an operator types them."""

import json

import pytest

from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.request_context import attempt_of, by_desk, clock_of
from bot.domain.addresses import Actor
from bot.domain.identity.levels import Level
from bot.domain.requests.record import Identity, Subject
from bot.domain.requests.states import RequestType
from tests.edges.cli.desk_commands import Commands, put_on_the_list
from tests.support.builders.requests import a_person, received
from tests.support.stores.stages import a_ticket, an_account

NOTE = "At the counter."


async def a_copy(work: UnitOfWork, *, kind: RequestType = RequestType.ACCESS) -> None:
    """Of a proved client; reactions do not run in this transaction, so it is planned by hand."""
    account = await an_account(work)
    ticket = await a_ticket(work, account)
    person = await a_person(work)
    request = await received(work, kind, Subject(person=person.id), ticket)
    if kind is RequestType.RECTIFICATION:
        return
    proof = Identity(level=Level.V4, at=work.clock.now(), subject=request.subject)
    request.verify(proof, await by_desk(work), clock_of(request))
    request.make_plan("plan", await by_desk(work))
    staff = (await work.staff.everyone())[0]
    request.approve(await attempt_of(work, Actor.staff(staff.id)), plan_hash="plan")


@pytest.fixture
def staffed(commands: Commands) -> Commands:
    commands.on_store(put_on_the_list, slack_user="U0SAL")
    return commands


def test_a_plan_that_is_not_made_says_so(staffed: Commands):
    staffed.on_store(a_copy)

    shown = staffed.run("requests", "plan", "R-1")

    assert (shown.exit_code, shown.stdout) == (0, "The plan is being reckoned.\n")


def test_a_dry_run_asks_anew_and_changes_nothing(staffed: Commands):
    staffed.on_store(a_copy)

    shown = staffed.run("requests", "plan", "R-1", "--dry-run")
    data = json.loads(staffed.run("requests", "plan", "R-1", "--dry-run", "--json").stdout)

    assert "The help desk's own records" in shown.stdout
    assert "In the copy: " in shown.stdout
    assert {one["source"] for one in data["plan"]["sources"]} >= {"desk", "slack", "telegram"}
    assert staffed.run("requests", "plan", "R-1").stdout == "The plan is being reckoned.\n"


def test_what_is_done_by_hand_has_no_plan(staffed: Commands):
    staffed.on_store(a_copy, kind=RequestType.RECTIFICATION)

    refused = staffed.run("requests", "plan", "R-1")

    assert refused.exit_code == 1
    assert "is done by hand and has no plan" in refused.stderr


def test_a_copy_is_handed_over_in_somebodys_name(staffed: Commands):
    staffed.on_store(a_copy)
    words = ("requests", "hand-over", "R-1", "--note", NOTE)

    nobody = staffed.run(*words)
    done = staffed.run(*words, "--as", "U0SAL")

    assert "--as SLACK_USER" in nobody.stderr
    assert (done.exit_code, done.stdout) == (0, "The copy was handed over: R-1\n")
    assert "state: fulfilled" in staffed.run("requests", "show", "R-1").stdout
