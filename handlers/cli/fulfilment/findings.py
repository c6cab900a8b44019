"""`privacydesk requests findings` and `tick-off`: what the look found, and judging it."""

import click

from bot.application.fulfilment.queries import findings_data
from bot.application.fulfilment.tick_off import Judged, tick_off
from bot.application.requests.request_context import Click
from bot.application.staff_desk.shell_names import ShellDeed
from bot.domain.addresses import Language
from bot.domain.fulfilment.steps import TickReason
from bot.wording import say
from bot.wording.findings import kind_text
from handlers.cli.desk_command import AS, at_shell, on_desk
from handlers.cli.output import show_json, tell
from handlers.open_desk import Desk

SHORT = 12
"""Characters of an id that are shown; a command takes any beginning that is one finding's only."""


@click.command("findings")
@click.argument("number")
@click.option("--all", "everything", is_flag=True, help="Those that are settled too.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@on_desk
async def findings(desk: Desk, number: str, *, everything: bool, as_json: bool) -> None:
    """List where something of the client was found after the erasure; never what it says.

    \b
    Example: privacydesk requests findings R-000045
    """
    found = await desk.bus.look(findings_data, number=number, everything=everything)
    if as_json:
        show_json(found)
        return
    for one in found:
        kind = kind_text(str(one["kind"]), Language.EN, is_strong=bool(one["is_strong"]))
        place = f"{one['source']}: {one['place']}"
        settled = f"  {one['state']} {one['reason'] or ''}".rstrip() if everything else ""
        link = f"  {one['link']}" if one["link"] else ""
        identity = str(one["id"])[:SHORT]
        click.echo(f"{identity}  {one['hits']:>5} ×  {kind:<22}  {place}{settled}{link}")
    tell(say("fulfilment.findings_head", count=sum(one["state"] == "open" for one in found)))


@click.command("tick-off")
@click.argument("number")
@click.argument("chosen", nargs=-1, required=True, metavar="FINDING...")
@click.option(
    "--reason",
    required=True,
    type=click.Choice([one.value for one in TickReason]),
    help="Why it may stay, or that it is gone.",
)
@AS
@on_desk
async def tick_off_findings(
    desk: Desk, number: str, chosen: tuple[str, ...], reason: str, person: str
) -> None:
    """Say of each FINDING why it may stay: it is another's, or a word; or that it was removed.

    What was removed is looked for again. With nothing left open everything is looked through once
    more, and only then a certificate is signed.

    \b
    Example: privacydesk requests tick-off R-000045 3f1a09bc --reason another_person --as U0123ABCD
    """
    shell = await at_shell(desk, ShellDeed.TICK_OFF_FINDING, person)
    judged = [Judged(one, TickReason(reason)) for one in chosen]
    left = await shell.do(number, tick_off, click=Click(request=number), judged=judged)
    tell(say("fulfilment.findings_head", count=left))


COMMANDS = (findings, tick_off_findings)
