"""`privacydesk policy`: the policy as the desk reads it, and its versions."""

from pathlib import Path

import click

from bot.errors import NotFound
from bot.policy.changes import show_changes
from bot.policy.checking import weaknesses
from bot.policy.document import parse_policy
from bot.policy.outline import outline
from bot.use_cases.publishing import policy_history, policy_text
from handlers.console.chosen_policy import FILE, chosen_policy
from handlers.console.output import refusals, show_json, tell
from handlers.console.with_desk import on_desk
from handlers.desk import Desk


@click.group()
def policy() -> None:
    """The policy text: outline, weaknesses, versions."""


@policy.command("show")
@FILE
@refusals
def show(file: Path | None) -> None:
    """Print the outline as the desk parsed it: sections, and sentences with their offsets.

    \b
    Example: privacydesk policy show --policy our-policy.md
    """
    for line in outline(chosen_policy(file)):
        click.echo(line)


@policy.command("check")
@FILE
@click.option("--json", "as_json", is_flag=True, help="The findings as JSON.")
@refusals
def check(file: Path | None, *, as_json: bool) -> None:
    """List the text's weaknesses with their line numbers; they are no failure: exit code 0."""
    found = weaknesses(chosen_policy(file))
    if as_json:
        show_json([{"line": one.line, "kind": one.kind, "text": one.text} for one in found])
        return
    for one in found:
        click.echo(f"{one.line}: {one.text}")
    tell(f"{len(found)} weaknesses")


@policy.command("publish")
@on_desk
async def publish(desk: Desk) -> None:
    """Store POLICY_FILE as the current version; `run` does so at every start."""
    click.echo(desk.policy.sha256)


@policy.command("versions")
@click.option("--json", "as_json", is_flag=True, help="The versions as JSON.")
@on_desk
async def versions(desk: Desk, *, as_json: bool) -> None:
    """List every version that was ever published, oldest first."""
    history = await desk.bus.look(policy_history)
    if as_json:
        show_json([{"version": version, "published_at": at} for version, at in history])
        return
    for version, at in history:
        click.echo(f"{at.isoformat(timespec='seconds')}  {version}")


@policy.command("diff")
@click.argument("old", required=False)
@click.argument("new", required=False)
@on_desk
async def diff(desk: Desk, old: str | None, new: str | None) -> None:
    """Show what changed for clients between two versions; by default the last two.

    \b
    Example: privacydesk policy diff 5f0c 91ab
    """
    history = [version for version, _ in await desk.bus.look(policy_history)]
    before = _version(history, old, -2)
    after = _version(history, new, -1)
    texts = [await desk.bus.look(policy_text, version=one) for one in (before, after)]
    for line in show_changes(parse_policy(texts[0]), parse_policy(texts[1])):
        click.echo(line)


def _version(history: list[str], start: str | None, position: int) -> str:
    if start is None:
        found = history[position:][:1]
    else:
        found = [version for version in history if version.startswith(start)]
    if len(found) != 1:
        raise NotFound("policy.no_such_version")
    return found[0]


COMMANDS = (policy,)
