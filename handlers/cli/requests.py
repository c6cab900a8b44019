"""`privacydesk requests` and `privacydesk clock`: data requests, for scripts and regulators."""

from dataclasses import asdict

import click

from bot.application.requests.decisions import hand_over
from bot.application.requests.intake import name_subject, write_down
from bot.application.requests.queries import (
    every_request,
    listed_requests,
    one_request,
    request_data,
)
from bot.application.requests.request_context import Click, clock_of
from bot.application.staff_desk.shell_names import ShellDeed
from bot.domain.addresses import Language
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestType
from bot.domain.requests.statistics import Figures, figures
from bot.wording import say
from handlers.cli.desk_command import AS, at_shell, on_desk
from handlers.cli.fulfilment import findings, progress
from handlers.cli.fulfilment.request_plan import show_dry_run, show_plan
from handlers.cli.output import show_json
from handlers.open_desk import Desk

JSON = click.option("--json", "as_json", is_flag=True, help="As JSON.")


@click.group()
def requests() -> None:
    """Data requests: look, list, count."""


@requests.command("show")
@click.argument("number")
@JSON
@on_desk
async def show(desk: Desk, number: str, *, as_json: bool) -> None:
    """Show where a request stands, and what keeps it from being carried out.

    \b
    Example: privacydesk requests show R-000045 --json
    """
    data = await desk.bus.look(request_data, number=number)
    if as_json:
        show_json(data)
        return
    for name, value in data.items():
        click.echo(f"{name}: {_plain(value)}")
    reasons = data["reasons"]
    for code in reasons if isinstance(reasons, list) else ():
        click.echo(f"  - {say(f'requests.reason_{code}', number=data['number'])}")


@requests.command("list")
@click.option("--all", "everything", is_flag=True, help="Closed ones too.")
@click.option(
    "--limit", default=50, show_default=True, type=click.IntRange(1, 1000), help="How many at most."
)
@JSON
@on_desk
async def list_requests(desk: Desk, limit: int, *, everything: bool, as_json: bool) -> None:
    """List open requests, soonest due first.

    \b
    Example: privacydesk requests list --all --json
    """
    found = await desk.bus.look(listed_requests, live_only=not everything, limit=limit)
    if as_json:
        show_json([_row(one) for one in found])
        return
    for one in found:
        due = one.due_on.isoformat()
        click.echo(f"{one.number}  {one.kind:<13}  {one.state:<22}  {one.regime}  {due}")


@requests.command("open")
@click.argument("ticket")
@click.option(
    "--type",
    "kind",
    required=True,
    type=click.Choice([one.value for one in RequestType]),
    help="Of what.",
)
@AS
@on_desk
async def open_request(desk: Desk, ticket: str, kind: str, person: str) -> None:
    """Write a request down for the client behind TICKET, who asked by telephone or by letter.

    Its clock runs from now; the client proves themselves in their own chat. Whoever is named can
    neither vouch for it nor approve it.

    \b
    Example: privacydesk requests open T-000123 --type access --as U0123ABCD
    """
    shell = await at_shell(desk, ShellDeed.OPEN_REQUEST, person)
    request = await shell.do(ticket, write_down, ticket=ticket, kind=RequestType(kind))
    click.echo(request.number)


@requests.command("name")
@click.argument("number")
@click.argument("client")
@AS
@on_desk
async def name_client(desk: Desk, number: str, client: str, person: str) -> None:
    """Say that request NUMBER, on the staff path, is about CLIENT of the client list.

    Naming is not vouching: two members of staff must still vouch, or one where a code went to an
    address that is only too young on record. Vouches that were given for somebody else are void.

    \b
    Example: privacydesk requests name R-000045 C-1001 --as U0123ABCD
    """
    shell = await at_shell(desk, ShellDeed.NAME_SUBJECT, person)
    request = await shell.do(number, name_subject, click=Click(request=number), person=client)
    click.echo(request.number)


@requests.command("plan")
@click.argument("number")
@click.option("--dry-run", "asks", is_flag=True, help="Ask every source anew; nothing is changed.")
@JSON
@on_desk
async def plan(desk: Desk, number: str, *, asks: bool, as_json: bool) -> None:
    """Print what goes and what stays: by source, with counts, and which law keeps what until when.

    \b
    Example: privacydesk requests plan R-000045 --dry-run
    """
    await (show_dry_run if asks else show_plan)(desk, number, as_json=as_json)


@requests.command("hand-over")
@click.argument("number")
@click.option("--note", required=True, help="To whom, when and by what way; an internal note.")
@AS
@on_desk
async def hand_over_copy(desk: Desk, number: str, note: str, person: str) -> None:
    """Record that the client was given the copy of their data, which ends request NUMBER.

    \b
    Example: privacydesk requests hand-over R-000045 --note "On a stick, at the counter" --as U0123
    """
    shell = await at_shell(desk, ShellDeed.HAND_OVER, person)
    await shell.do(number, hand_over, click=Click(request=number), note=note)
    click.echo(say("request_card.handed_over").rstrip(":") + f": {number}")


@requests.command("statistics")
@click.option("--year", type=click.IntRange(2000, 9999), help="Received in this year (UTC).")
@JSON
@on_desk
async def statistics(desk: Desk, year: int | None, *, as_json: bool) -> None:
    """The figures of 11 CCR 7102: received, complied with, denied by reason, days to respond.

    \b
    Example: privacydesk requests statistics --year 2026 --json
    """
    found = figures(await desk.bus.look(every_request), year=year)
    if as_json:
        show_json({name: asdict(each) for name, each in found.items()})
        return
    for name, each in found.items():
        click.echo(_line(name, each))
        for reason, count in each.denied_by_reason.items():
            click.echo(f"    denied as {reason}: {count}")


@click.group()
def clock() -> None:
    """The legal clock."""


@clock.command("explain")
@click.argument("number")
@JSON
@on_desk
async def explain(desk: Desk, number: str, *, as_json: bool) -> None:
    """Say how the due date of a request came about, step by step, with the sources.

    \b
    Example: privacydesk clock explain R-000045
    """
    request = await desk.bus.look(one_request, number=number)
    law = clock_of(request)
    due, confirm_by = request.explain(law), law.acknowledge_by(request.received_at)
    steps = [say(step.key, Language.EN, **step.params) for step in due.steps]
    if as_json:
        show_json(
            {
                "number": request.number,
                "regime": request.regime,
                "due_on": request.due_on.isoformat(),
                "due_at": request.due_at.isoformat(),
                "acknowledge_by": None if confirm_by is None else confirm_by.isoformat(),
                "steps": steps,
            }
        )
        return
    click.echo(f"{request.number}  {request.regime}  {request.due_on.isoformat()}")
    for step in steps:
        click.echo(f"  - {step}")
    if confirm_by is not None:
        click.echo(f"  - {say('clock.acknowledge_by', day=confirm_by.isoformat())}")
    if due.on != request.due_on:
        click.echo(f"  - {say('clock.promise_kept', day=request.due_on.isoformat())}")


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(
            f"{one['by']} {one['at']}" if isinstance(one, dict) else str(one) for one in value
        )
    return "" if value is None else str(value)


def _row(request: DataRequest) -> dict[str, object]:
    return {
        "number": request.number,
        "type": request.kind,
        "state": request.state,
        "regime": request.regime,
        "received_at": request.received_at.isoformat(),
        "due_at": request.due_at.isoformat(),
        "verified": request.is_verified,
        "frozen": request.facts.is_frozen,
    }


def _line(name: str, each: Figures) -> str:
    days = f"median {_days(each.median_days)}, mean {_days(each.mean_days)} days"
    return (
        f"{name}: {each.received} received, {each.complied} complied with, {each.denied} denied, "
        f"{each.given_up} withdrawn or not proved, {each.open} open; {days}"
    )


def _days(value: float | None) -> str:
    return "-" if value is None else f"{value:g}"


for _carried_out in (*findings.COMMANDS, *progress.COMMANDS):
    requests.add_command(_carried_out)

COMMANDS = (requests, clock)
