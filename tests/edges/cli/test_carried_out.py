"""What the shell shows and does while an erasure is carried out."""

import json

import pytest

from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.fulfilment.plan import SourceKind
from bot.domain.fulfilment.steps import ExecutionRecord, ExecutionStep, ResidualFinding
from bot.domain.requests.record import Subject
from bot.domain.requests.states import RequestType
from handlers.settings import SettingsRefused, read_settings
from tests.edges.cli.desk_commands import Commands, put_on_the_list
from tests.support.builders.requests import a_person, received
from tests.support.stores.stages import a_ticket, an_account

NUMBER, BOB = "R-000001", "U0BOB"


async def begun(work: UnitOfWork) -> str:
    """An erasure of which a step by hand waits and a finding is open, as far as rows say."""
    await put_on_the_list(work, slack_user=BOB)
    person = await a_person(work)
    ticket = await a_ticket(work, await an_account(work))
    request = await received(work, RequestType.ERASURE, Subject(person=person.id), ticket)
    await work.fulfilments.put(ExecutionRecord(request=request.id, round=1))
    step = ExecutionStep(
        request=request.id, round=1, source="by hand: Paper files", kind=SourceKind.MANUAL
    )
    await work.fulfilments.put_step(step)
    found = ResidualFinding(
        id="ab" * 32, request=request.id, source="crm", place="note.text 7", kind="name"
    )
    await work.fulfilments.put_finding(found)
    return request.id


def test_findings_are_listed_with_place_and_kind(commands: Commands):
    commands.on_store(begun)

    listed = commands.run("requests", "findings", NUMBER)
    data = json.loads(commands.run("requests", "findings", NUMBER, "--json").stdout)

    assert "crm: note.text 7" in listed.stdout
    assert "a name" in listed.stdout
    assert [(one["state"], one["kind"]) for one in data] == [("open", "name")]


def test_progress_and_manual_steps_are_shown(commands: Commands):
    commands.on_store(begun)

    shown = commands.run("requests", "progress", NUMBER)
    manual = json.loads(commands.run("requests", "manual", NUMBER, "--json").stdout)
    data = json.loads(commands.run("requests", "show", NUMBER, "--json").stdout)

    assert "by hand: Paper files: waits for a person" in shown.stdout
    assert [(one["step"], one["state"]) for one in manual] == [("Paper files", "waiting")]
    assert (data["steps"], data["steps_done"], data["findings_open"]) == (1, 0, 1)


@pytest.mark.parametrize(
    "words",
    [
        ("tick-off", NUMBER, "abab", "--reason", "a_word"),
        ("manual", NUMBER, "Paper files", "--outcome", "done"),
        ("retry", NUMBER),
    ],
)
def test_what_does_not_fit_the_state_is_refused_and_needs_a_name(
    commands: Commands, words: tuple[str, ...]
):
    commands.on_store(begun)

    nameless = commands.run("requests", *words)
    refused = commands.run("requests", *words, "--as", BOB)

    assert (nameless.exit_code, refused.exit_code) == (1, 1)
    assert "in whose name" in nameless.stderr
    assert refused.stderr


def test_a_step_without_its_outcome_is_wrong_usage(commands: Commands):
    commands.on_store(begun)

    assert commands.run("requests", "manual", NUMBER, "Paper files").exit_code == 2


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("Paper files, paper FILES", "stands there twice"),
        ("x" * 51, "longer than 50"),
        ("Paper files; ---", "no letter or digit"),
    ],
)
def test_steps_that_could_be_mistaken_are_refused(value: str, why: str):
    with pytest.raises(SettingsRefused) as refused:
        read_settings(manual_steps=value)

    assert why in str(refused.value.problems)


def test_steps_are_parted_by_commas_and_keep_their_blanks():
    found = read_settings(manual_steps=" Paper  files,Newsletter tool, Tell: Bank X ")

    assert found.manual_steps == ("Paper files", "Newsletter tool", "Tell: Bank X")
