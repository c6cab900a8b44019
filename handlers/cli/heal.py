"""`privacydesk heal`: put back what was lost in Slack."""

from dataclasses import asdict

import click

from bot.wording import say
from handlers.cli.desk_command import on_desk
from handlers.cli.output import refusals, show_json
from handlers.open_desk import Desk
from handlers.runtime.preflight import need_live
from handlers.runtime.runtime import heal_slack
from handlers.settings import read_settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="The report as JSON.")
@refusals
def heal(*, as_json: bool) -> None:
    """Compare Slack with the store, repair cards, threads and home views, and report what differed.

    It is safe at any time, also while the desk runs; what is right is left alone.
    """
    need_live(read_settings())
    _heal(as_json=as_json)


@on_desk
async def _heal(desk: Desk, *, as_json: bool) -> None:
    drift = asdict(await heal_slack(desk))
    if as_json:
        show_json(drift)
    else:
        click.echo(say("slack.drift", **drift))


COMMANDS = (heal,)
