"""`privacydesk keys`: exchanging the master key, and what lies under it."""

from dataclasses import asdict, replace
from pathlib import Path

import click

from bot.application.ports.store_keys import Rotated
from bot.domain.addresses import OPERATOR
from bot.wording import say
from handlers.cli.desk_command import on_desk
from handlers.cli.output import show_json, tell
from handlers.open_desk import Desk
from handlers.os_user import os_user


@click.group()
def keys() -> None:
    """The keys of the database."""


@keys.command("rotate")
@click.option(
    "--compromised",
    is_flag=True,
    help="The old key may be in other hands: exchange every key, and reseal what lies under them.",
)
@click.option(
    "--new-key-file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="PATH",
    help="Take the new master key from there, or make it there; nothing else is put in place.",
)
@click.option("--json", "as_json", is_flag=True, help="What was done as JSON.")
@on_desk
async def rotate(
    desk: Desk, new_key_file: Path | None, *, compromised: bool, as_json: bool
) -> None:
    """Exchange the master key, beside a running desk too.

    It happens whole or not at all: a rotation that was killed is begun again by the same command.
    Backups made before open with the former key only.

    \b
    Examples:
      privacydesk keys rotate
      privacydesk keys rotate --compromised
      privacydesk keys rotate --new-key-file /etc/privacydesk/new.key
    """
    operator = replace(OPERATOR, os_user=os_user())
    done = await desk.keys.rotate(
        actor=operator, at=desk.clock.now(), compromised=compromised, new_key_file=new_key_file
    )
    if as_json:
        show_json(asdict(done))
    for line in _lines(done, compromised=compromised, is_named=new_key_file is not None):
        tell(line)


def _lines(done: Rotated, *, compromised: bool, is_named: bool) -> list[str]:
    lines = [say("console.keys_exchanged" if compromised else "console.key_rotated")]
    if is_named:
        again = "console.key_to_set_all" if compromised else "console.key_to_set"
        lines.append(say(again, path=done.new_key))
    else:
        lines.append(say("console.key_in_place", path=done.new_key))
    if done.former_key:
        lines.append(say("console.key_former", path=done.former_key))
    if done.unreadable:
        lines.append(say("console.keys_unreadable", count=done.unreadable))
    if compromised:
        lines.append(say("console.keys_after"))
    return lines


@keys.command("status")
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
@on_desk
async def status(desk: Desk, *, as_json: bool) -> None:
    """Since when the keys are in use, and whether a rotation was broken off."""
    found = await desk.keys.status()
    if as_json:
        show_json(asdict(found))
        return
    since = found.made_at.isoformat(timespec="seconds")
    click.echo(say("console.keys_status", count=found.in_use, since=since, kept=found.kept))
    if found.is_unfinished:
        click.echo(say("console.keys_unfinished"))


COMMANDS = (keys,)
