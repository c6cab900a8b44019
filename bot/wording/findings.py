"""In words, for staff: why a source failed, what the look found and where, how far it all came."""

from urllib.parse import parse_qsl

from bot.domain.addresses import Language
from bot.domain.fulfilment.identifiers import WEAK, IdentifierKind
from bot.domain.fulfilment.steps import LEFT, UNREADABLE, ResidualFinding
from bot.domain.text import reveal, shorten
from bot.wording import say

LONGEST_PLACE = 200
KINDS = frozenset({*IdentifierKind, LEFT, UNREADABLE})


def reason_text(error: str, source: str, language: Language) -> str:
    """Why something failed.

    `error`: a wording key, with what it names behind a question mark (`key?table=invoice`), or a
    code that nobody wrote words for.
    """
    key, _, named = error.partition("?")
    params = {"source": source} | dict(parse_qsl(named, keep_blank_values=True))
    try:
        return say(key, language, **params)
    except (KeyError, IndexError):
        return say("fulfilment.error_other", language, code=key)


def kind_text(kind: str, language: Language, *, is_strong: bool = True) -> str:
    """What was found, and whether it may be somebody else's."""
    key = kind if kind in KINDS else "other"
    what = say(f"fulfilment.kind_{key}", language, kind=kind)
    if is_strong or kind in WEAK:
        return what
    return say("fulfilment.kind_unsure", language, what=what)


def place_text(finding: ResidualFinding) -> str:
    """Where: the source, and the place in it."""
    place = shorten(reveal(finding.place), LONGEST_PLACE)
    return f"{finding.source}: {place}" if place else finding.source


def finding_text(finding: ResidualFinding, language: Language) -> str:
    """Where something is and of what kind; never what it says."""
    what = kind_text(finding.kind, language, is_strong=finding.is_strong)
    where = place_text(finding)
    return say("fulfilment.finding", language, where=where, what=what, count=finding.hits)
