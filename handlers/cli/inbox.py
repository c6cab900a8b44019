"""`privacydesk inbox` and `why`: what became of what came in, and the way back for some of it."""

import click

from bot.application.silence import take_up_update, updates_aside
from bot.application.views.message_routes import message_route
from bot.domain.addresses import OPERATOR
from bot.domain.errors import NotFound
from bot.wording import say
from handlers.cli.desk_command import on_desk
from handlers.cli.output import show_json, tell
from handlers.open_desk import Desk

MOST = 1_000
"""So many are listed, or taken up, at once."""


@click.group()
def inbox() -> None:
    """Updates of Telegram and Slack that could not be dealt with and were put aside.

    Nothing of them is lost: each is kept as it came, sealed, until it is dealt with.
    """


@inbox.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@on_desk
async def list_aside(desk: Desk, *, as_json: bool) -> None:
    """List what was put aside, the oldest first: number, platform, error, since when."""
    found = await desk.bus.look(updates_aside, limit=MOST)
    if as_json:
        show_json(
            [
                {"id": one.id, "source": one.source, "error": one.error, "since": one.since}
                for one in found
            ]
        )
        return
    for one in found:
        click.echo(f"{one.id:>8}  {one.source:<8}  {one.since:%Y-%m-%dT%H:%M:%SZ}  {one.error}")
    tell(say("console.updates_aside", count=len(found)))


@inbox.command()
@click.argument("updates", nargs=-1, type=int, metavar="[NUMBER]...")
@click.option("--all", "all_of_them", is_flag=True, help="Everything that was put aside.")
@on_desk
async def retry(desk: Desk, updates: tuple[int, ...], *, all_of_them: bool) -> None:
    """Let the desk deal again with updates that were put aside: NUMBERs of the list, or --all.

    A running desk takes them up within a second; else the next start does.
    """
    if not updates and not all_of_them:
        raise click.UsageError(say("console.which_updates"))
    if all_of_them:
        updates = tuple(one.id for one in await desk.bus.look(updates_aside, limit=MOST))
    for update in updates:
        if not await desk.bus.handle(OPERATOR, take_up_update, update=update):
            raise NotFound("console.no_such_update", number=update)
    tell(say("console.updates_taken_up", count=len(updates)))


@click.command("why")
@click.argument("message")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@on_desk
async def why(desk: Desk, message: str, *, as_json: bool) -> None:
    """Say where a client's message went when it came in, and why.

    MESSAGE is the id that `tickets show --json` gives, and `message` of the log's `update_handled`.

    \b
    Example: privacydesk why 0199c0ffee
    """
    found = await desk.bus.look(message_route, message=message)
    language = desk.rules.staff_language
    if as_json:
        show_json(
            {
                "message": found.message,
                "at": found.at,
                "route": found.route,
                "reason": found.reason,
                "words": found.words(language),
                "ticket": found.ticket or None,
            }
        )
        return
    at = found.at.astimezone(desk.rules.zone).strftime("%Y-%m-%d %H:%M %Z")
    click.echo(f"{found.message}  {at}  {found.ticket or say('routes.no_ticket', language)}")
    click.echo(found.words(language))


COMMANDS = (inbox, why)
