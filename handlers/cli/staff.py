"""`privacydesk staff`: who works the desk; a change counts at the next click."""

import click

from bot.application.staff_desk.shell_names import ShellDeed
from bot.application.staff_desk.staff import add_staff, list_staff, remove_staff, set_role
from bot.domain.addresses import Role
from bot.domain.staff import Staff
from handlers.cli.desk_command import AS, at_shell, on_desk, on_first_desk
from handlers.cli.output import show_json
from handlers.open_desk import Desk

USER = click.argument("slack_user")
ROLE = click.Choice([one.value for one in Role])


@click.group()
def staff() -> None:
    """The people who work the desk, by their Slack user ids.

    What is set here wins over SLACK_AGENTS, SLACK_APPROVERS and user groups, also after a restart.
    """


@staff.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@on_desk
async def list_all(desk: Desk, *, as_json: bool) -> None:
    """List everybody who works the desk now."""
    people = await desk.bus.look(list_staff)
    if as_json:
        show_json([as_data(one) for one in people])
        return
    for one in people:
        away = ""
        if one.is_away(desk.clock.now()) and one.away_until is not None:
            until = one.away_until.astimezone(desk.rules.zone)
            away = f"  away until {until:%Y-%m-%d %H:%M %Z}"
        click.echo(f"{one.slack_user:<12}  {one.role:<8}  {one.source:<8}{_new(desk, one)}{away}")


@staff.command("add")
@USER
@click.option(
    "--role", type=ROLE, default=Role.AGENT.value, show_default=True, help="What they may do."
)
@AS
@on_first_desk
async def add(desk: Desk, slack_user: str, role: str, person: str) -> None:
    """Put somebody on the list; what they approve or vouch for counts after a day.

    The first needs no --as: nobody is there yet who could be named.

    \b
    Example: privacydesk staff add U0123ABCD --role approver --as U0456EFGH
    """
    shell = await at_shell(desk, ShellDeed.CHANGE_STAFF, person)
    await shell.do(slack_user, add_staff, slack_user=slack_user, role=Role(role))


@staff.command("remove")
@USER
@AS
@on_desk
async def remove(desk: Desk, slack_user: str, person: str) -> None:
    """Take somebody off the list; no setting and no group brings them back."""
    shell = await at_shell(desk, ShellDeed.CHANGE_STAFF, person)
    await shell.do(slack_user, remove_staff, slack_user=slack_user)


@staff.command("role")
@USER
@click.argument("role", type=ROLE)
@AS
@on_desk
async def change_role(desk: Desk, slack_user: str, role: str, person: str) -> None:
    """Change what somebody may do; what a new approver decides counts after a day.

    \b
    Example: privacydesk staff role U0123ABCD approver --as U0456EFGH
    """
    shell = await at_shell(desk, ShellDeed.CHANGE_STAFF, person)
    await shell.do(slack_user, set_role, slack_user=slack_user, role=Role(role))


def _new(desk: Desk, one: Staff) -> str:
    if one.counts_from is None or not one.is_new(desk.clock.now()):
        return ""
    return f"  counts from {one.counts_from.astimezone(desk.rules.zone):%Y-%m-%d %H:%M %Z}"


def as_data(one: Staff) -> dict[str, object]:
    """A member of staff, for scripts."""
    return {
        "slack_user": one.slack_user,
        "role": one.role,
        "source": one.source,
        "away_until": one.away_until,
        "deputy": one.deputy,
        "counts_from": one.counts_from,
    }


COMMANDS = (staff,)
