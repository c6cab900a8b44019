"""`privacydesk heal`: put back what was lost in Slack."""

from dataclasses import asdict

import click

from bot.wording import say
from handlers.cli.chosen import IN_SANDBOX
from handlers.cli.desk_command import on_desk, premises_of_command
from handlers.cli.output import refusals, show_json
from handlers.open_desk import Desk
from handlers.runtime.preflight import need_live
from handlers.runtime.runtime import heal_slack


@click.command()
@click.option("--json", "as_json", is_flag=True, help="The report as JSON.")
@IN_SANDBOX
@refusals
def heal(*, as_json: bool) -> None:
    """Compare Slack with the store, repair cards, threads and home views, and report what differed.

    It is safe at any time, also while the desk runs; what is right is left alone.
    """
    need_live(premises_of_command().settings)
    _heal(as_json=as_json)


@on_desk
async def _heal(desk: Desk, *, as_json: bool) -> None:
    drift = asdict(await heal_slack(desk))
    if as_json:
        show_json(drift)
    else:
        click.echo(say("slack.drift", **drift))


COMMANDS = (heal,)
