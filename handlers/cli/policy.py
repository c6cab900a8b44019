"""`privacydesk policy`: the policy as the desk reads it, and its versions."""

from dataclasses import asdict
from pathlib import Path

import click

from bot.answering.diff import policy_changes, show_changes
from bot.answering.document.policy_document import Document, outline, parse_policy, read_policy
from bot.answering.lint import weaknesses
from bot.application.policy_publishing import policy_history, policy_text, publish_both
from bot.application.reviewed_answers.question_links import links_to_review
from bot.application.staff_desk.shell_names import ShellDeed
from bot.domain.errors import NotFound
from bot.wording import say
from handlers.cli.chosen import FILE, chosen_policy
from handlers.cli.desk_command import AS, AS_SERVICE, at_shell, on_desk, on_first_desk
from handlers.cli.output import refusals, show_json, tell
from handlers.cli.policy_summaries import translations
from handlers.open_desk import Desk
from handlers.runtime.config_files import reviewed_summaries


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
@AS
@AS_SERVICE
@on_first_desk
async def publish(desk: Desk, person: str, job: str) -> None:
    """Store POLICY_FILE as the current version, with its reviewed summaries.

    `run` does so at every start; a desk that runs answers from it at its next question. Reviewed
    links whose sentence changed rest until an approver looked at them (`questions review`).

    \b
    Example: privacydesk policy publish --as U0123ABCD
    """
    shell = await at_shell(desk, ShellDeed.PUBLISH_POLICY, person, job)
    summaries = reviewed_summaries(desk.settings)
    version, text = desk.policy.sha256, desk.policy.text
    await shell.do("", publish_both, version=version, text=text, summaries=summaries)
    click.echo(desk.policy.sha256)
    if waiting := await desk.bus.look(links_to_review):
        tell(say("questions.review_head", count=len(waiting)))


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
@click.option("--json", "as_json", is_flag=True, help="The changes as JSON.")
@click.option(
    "--policy",
    "file",
    type=click.Path(path_type=Path),
    help="Compare with this document instead, which is not published.",
)
@on_desk
async def diff(
    desk: Desk, old: str | None, new: str | None, file: Path | None, *, as_json: bool
) -> None:
    """Show what changes for clients between two versions; by default the last two.

    With --policy: between the current version (or the one named) and a document that is not
    published yet. Nothing is published by looking.

    \b
    Examples:
      privacydesk policy diff 5f0c 91ab
      privacydesk policy diff --policy draft.md
    """
    history = [version for version, _ in await desk.bus.look(policy_history)]
    if file is not None and new is not None:
        raise click.UsageError(say("policy.diff_one_of"))
    if file is None and old is None and len(history) == 1:
        if as_json:
            show_json([])
        tell(say("policy.only_one_version"))
        return
    after = read_policy(file) if file is not None else await _kept(desk, _version(history, new, -1))
    before = await _kept(desk, _version(history, old, -1 if file is not None else -2))
    changes = policy_changes(before, after)
    if as_json:
        show_json([asdict(change) for change in changes])
        return
    for line in show_changes(before, after):
        click.echo(line)
    if not changes:
        tell(say("policy.no_change"))


async def _kept(desk: Desk, version: str) -> Document:
    return parse_policy(await desk.bus.look(policy_text, version=version), sha256=version)


def _version(history: list[str], start: str | None, position: int) -> str:
    """The version that begins like `start`, or the one at that place; the first has none before."""
    if start is None:
        return history[max(position, -len(history))]
    found = [version for version in dict.fromkeys(history) if version.startswith(start)]
    if len(found) != 1:
        raise NotFound("policy.no_such_version")
    return found[0]


policy.add_command(translations)
COMMANDS = (policy,)
