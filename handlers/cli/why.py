"""`privacydesk why`: what was done with a client's message, and why."""

import click

from bot.application.views.message_routes import message_route
from bot.wording import say
from handlers.cli.desk_command import on_desk
from handlers.cli.output import show_json
from handlers.open_desk import Desk


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


COMMANDS = (why,)
