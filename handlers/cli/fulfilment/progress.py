"""`privacydesk requests progress`, `retry` and `manual`: how far it came, and what people do."""

import click

from bot.application.fulfilment.attention import retry
from bot.application.fulfilment.manual_steps import tick_manual_step
from bot.application.fulfilment.queries import manual_data, progress_data
from bot.application.requests.request_context import Click
from bot.application.staff_desk.shell_names import ShellDeed
from bot.application.views.fulfilment_progress import the_progress
from bot.application.views.progress_words import look_lines, source_lines
from bot.domain.addresses import Language
from bot.domain.fulfilment.steps import ManualOutcome
from bot.wording import say
from bot.wording.findings import finding_text
from handlers.cli.desk_command import AS, at_shell, on_desk
from handlers.cli.output import show_json, tell
from handlers.open_desk import Desk

NUMBER = click.argument("number")
JSON = click.option("--json", "as_json", is_flag=True, help="As JSON.")


@click.command("progress")
@NUMBER
@JSON
@on_desk
async def show_progress(desk: Desk, number: str, *, as_json: bool) -> None:
    """Show how far an erasure was carried out: each source, what was found, the certificate.

    \b
    Example: privacydesk requests progress R-000045 --json
    """
    if as_json:
        show_json(await desk.bus.look(progress_data, number=number))
        return
    shown = await desk.bus.look(the_progress, number=number)
    if shown is None:
        tell(say("fulfilment.not_begun", number=number))
        return
    zone = desk.rules.zone
    for line in source_lines(shown, zone, Language.EN):
        click.echo(line)
    for line in look_lines(shown, number, zone, Language.EN):
        click.echo(line)
    for one in shown.open:
        click.echo(f"  - {finding_text(one, Language.EN)}")


@click.command("retry")
@NUMBER
@AS
@on_desk
async def retry_now(desk: Desk, number: str, person: str) -> None:
    """Try an erasure that needs attention again, now.

    \b
    Example: privacydesk requests retry R-000045 --as U0123ABCD
    """
    shell = await at_shell(desk, ShellDeed.RETRY_REQUEST, person)
    await shell.do(number, retry, click=Click(request=number))
    click.echo(number)


@click.command("manual")
@NUMBER
@click.argument("step", default="")
@click.option(
    "--outcome",
    type=click.Choice([one.value for one in ManualOutcome]),
    help="How it was done; with STEP.",
)
@AS
@JSON
@on_desk
async def manual(  # noqa: PLR0913  # a step and how it was done, by name
    desk: Desk, number: str, step: str, outcome: str | None, person: str, *, as_json: bool
) -> None:
    """List what a person does for an erasure, or say that STEP is done.

    The steps are those of MANUAL_STEPS when the plan was made. There is no certificate before each
    is ticked off by an approver.

    \b
    Example: privacydesk requests manual R-000045 "Paper files" --outcome done --as U0123ABCD
    """
    if bool(step) != bool(outcome):
        raise click.UsageError(say("fulfilment.step_and_outcome"))
    if outcome:
        shell = await at_shell(desk, ShellDeed.TICK_OFF_STEP, person)
        how, which = ManualOutcome(outcome), Click(request=number)
        await shell.do(number, tick_manual_step, click=which, step=step, outcome=how)
    found = await desk.bus.look(manual_data, number=number)
    if as_json:
        show_json(found)
        return
    for one in found:
        done = f"  {one['done_at']}  {one['done_by']}  {one['outcome']}" if one["done_at"] else ""
        click.echo(f"{one['step']}  {one['state']}{done}")


COMMANDS = (show_progress, retry_now, manual)
