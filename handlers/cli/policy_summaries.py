"""`privacydesk policy translations`: are the reviewed summaries those of this policy?"""

import sys
from pathlib import Path

import click

from bot.answering.document.policy_document import Document
from bot.answering.document.translations import Translations, read_translations
from bot.domain.errors import Refused
from bot.wording import say
from handlers.cli.chosen import FILE, chosen_policy
from handlers.cli.output import Exit, refusals, show_json, tell
from handlers.settings import read_settings


def chosen_translations(file: Path | None = None) -> Translations | None:
    """The file named, else POLICY_TRANSLATIONS_FILE; None: neither is there.

    Raises:
        Refused: the file cannot be used.
    """
    path = file or read_settings().policy_translations_file
    return None if path is None else read_translations(path)


@click.command("translations")
@click.argument("translations", required=False, type=click.Path(path_type=Path))
@FILE
@click.option("--json", "as_json", is_flag=True, help="The findings as JSON.")
@refusals
def translations(translations: Path | None, file: Path | None, *, as_json: bool) -> None:
    """Check the reviewed Bangla summaries (POLICY_TRANSLATIONS_FILE, or the file named).

    Lists sections without a summary, which is no failure, and headings that the policy does not
    have, which is one: nobody would ever see what stands under them. Nothing is translated here.

    \b
    Example: privacydesk policy translations our-policy.bn.md
    """
    reviewed, policy = chosen_translations(translations), chosen_policy(file)
    if reviewed is None:
        raise Refused("policy.translations_none")
    unmatched = reviewed.unknown_headings(policy)
    if as_json:
        show_json(_as_data(reviewed, policy))
    else:
        _show(reviewed, policy)
    if unmatched:
        sys.exit(Exit.REFUSED)


def _show(reviewed: Translations, policy: Document) -> None:
    for one in reviewed.sections_without(policy):
        click.echo(say("policy.translations_without", line=one.line, text=one.heading))
    for heading in reviewed.unknown_headings(policy):
        click.echo(say("policy.translations_unmatched", text=heading))
    sections, count = _counts(reviewed, policy)
    tell(say("policy.translations_found", count=count, sections=sections))


def _as_data(reviewed: Translations, policy: Document) -> dict[str, object]:
    sections, count = _counts(reviewed, policy)
    without = reviewed.sections_without(policy)
    return {
        "sections": sections,
        "summaries": count,
        "without": [{"line": one.line, "section": one.heading} for one in without],
        "unmatched": list(reviewed.unknown_headings(policy)),
    }


def _counts(reviewed: Translations, policy: Document) -> tuple[int, int]:
    """(sections with a text under them, those with a summary)."""
    sections = sum(1 for one in policy.sections if one.heading and one.sentences)
    return sections, sections - len(reviewed.sections_without(policy))
