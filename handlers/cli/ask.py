"""`privacydesk ask`: a question, or a file of them, answered from the policy."""

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.answering.engine import Engine
from bot.answering.reviewed_links import LearnedLink
from bot.application.reviewed_answers.material import answer_material
from bot.domain.errors import DeskError, Refused
from bot.wording import say
from bot.wording.refusals import refusal_text
from handlers.answer_engine import build_engine
from handlers.cli.answer_text import answer_batch, decoded, show_answer
from handlers.cli.chosen import FILE, IN_SANDBOX, chosen_policy, is_in_sandbox
from handlers.cli.output import Exit, refusals, tell
from handlers.cli.policy_summaries import chosen_translations
from handlers.settings import Settings, read_settings

if TYPE_CHECKING:
    from handlers.runtime.composition import Premises  # slow to import

SQLITE = "sqlite:///"


@click.command()
@click.argument("question", required=False)
@click.option("--batch", type=click.Path(path_type=Path), help="JSON Lines: id, question.")
@click.option("--json", "as_json", is_flag=True, help="The answer as JSON.")
@FILE
@IN_SANDBOX
@refusals
def ask(question: str | None, batch: Path | None, file: Path | None, *, as_json: bool) -> None:
    """Answer from the policy, in its own words, or say that it does not say.

    Links that approvers reviewed count as they do for clients; not with --policy, since they speak
    of the published one. Every outcome exits with 0. With --batch, one JSON object a line goes to
    standard output in the order of the file; `-` reads standard input. Who asks in Bangla also
    reads the reviewed summary of POLICY_TRANSLATIONS_FILE, never in JSON.

    \b
    Examples:
      privacydesk ask "How long do you keep my information?"
      privacydesk ask --batch questions.jsonl > answers.jsonl
    """
    if (question is None) == (batch is None):
        tell(say("console.give_one"))
        sys.exit(Exit.USAGE)
    links = reviewed_links() if file is None else ()
    engine = build_engine(chosen_policy(file), links, waits=True)
    if batch is not None:
        _answer_file(engine, batch)
    elif question is not None:
        summaries = None if as_json else chosen_translations()
        click.echo(show_answer(engine.ask(question), as_json=as_json, summaries=summaries))


def _answer_file(engine: Engine, batch: Path) -> None:
    try:
        with click.open_file(str(batch), "rb") as lines:
            for line in answer_batch(decoded(lines), engine):
                click.echo(line)
    except OSError as error:
        raise Refused("clients.cannot_read", path=str(batch), why=error.strerror or "") from error


def reviewed_links() -> tuple[LearnedLink, ...]:
    """The links in use; none where there is no store. A store in trouble stops no answer."""
    if not is_in_sandbox() and _has_no_file(read_settings()):
        return ()
    from handlers.runtime.composition import premises  # noqa: PLC0415  # slow to import, and only needed where there is a store

    at = premises(in_sandbox=is_in_sandbox())
    try:
        return asyncio.run(_links(at))
    except DeskError as error:
        if error.key != "store.not_there_yet":
            tell(say("policy.links_left_out", why=refusal_text(error)))
        return ()


def _has_no_file(settings: Settings) -> bool:
    """Looked at first: without a store the command need not load what opens one."""
    url = settings.database_url
    return url.startswith(SQLITE) and not Path(url.removeprefix(SQLITE)).exists()


async def _links(at: "Premises") -> tuple[LearnedLink, ...]:
    from handlers.runtime.composition import open_desk  # noqa: PLC0415  # likewise

    async with open_desk(
        at.settings, at.place, clock=at.clock, publishes=False, may_make=False
    ) as desk:
        return (await desk.bus.look(answer_material)).links


COMMANDS = (ask,)
