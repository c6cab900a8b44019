"""How far an erasure was carried out, as blocks of its card: sources, findings, the last word."""

from zoneinfo import ZoneInfo

from bot.application.views.fulfilment_progress import Progress
from bot.application.views.progress_words import look_lines, source_lines
from bot.application.views.request_card import RequestCard
from bot.domain.addresses import Language
from bot.domain.fulfilment.steps import ResidualFinding
from bot.wording import say
from bot.wording.findings import finding_text
from handlers.slack.blocks.mrkdwn import (
    SECTION,
    Block,
    cut,
    escape,
    mrkdwn,
    section,
    units,
    with_mentions,
)

SHOWN = 8
"""So many findings stand on the card; all of them in the dialog and at the terminal."""
LINE = 700
MOST_SECTIONS = 3
_NOT_IN_A_LINK = frozenset("<>|")


def progress_blocks(card: RequestCard, zone: ZoneInfo, language: Language) -> list[Block]:
    """Nothing before it began."""
    progress = card.progress
    if progress is None:
        return []
    head = f"*{say('fulfilment.head', language)}*"
    sources = [f"• {_line(one)}" for one in source_lines(progress, zone, language)]
    looks = [_line(one) for one in look_lines(progress, card.number, zone, language)]
    texts = _sections([head, *sources], card, language)
    texts += ["\n".join(_findings(progress, card, language))] if progress.open else []
    texts += ["\n".join(looks)] if looks else []
    return [section(mrkdwn(cut(text, SECTION))) for text in texts]


def finding_line(finding: ResidualFinding, language: Language) -> str:
    """Where and of what kind, with the way there where there is an address."""
    text = escape(cut(finding_text(finding, language), LINE))
    link = finding.link
    if not link.startswith("https://") or _NOT_IN_A_LINK & {*link}:
        return text
    return f"{text} · <{escape(link)}|{escape(say('fulfilment.look_at_it', language))}>"


def _findings(progress: Progress, card: RequestCard, language: Language) -> list[str]:
    head = say("fulfilment.left", language, count=len(progress.open))
    lines = [f"*{escape(head)}*"]
    lines += [f"• {finding_line(one, language)}" for one in progress.open[:SHOWN]]
    if (more := len(progress.open) - SHOWN) > 0:
        lines.append(escape(say("fulfilment.and_more", language, count=more, number=card.number)))
    return lines


def _sections(lines: list[str], card: RequestCard, language: Language) -> list[str]:
    """As many sections as they need; beyond some the rest is at the terminal."""
    texts = [""]
    for at, line in enumerate(lines):
        if units(texts[-1]) + units(line) >= SECTION - LINE // 2:
            if len(texts) == MOST_SECTIONS:
                more = say(
                    "fulfilment.more_sources",
                    language,
                    count=len(lines) - at,
                    number=card.number,
                )
                texts[-1] += f"\n{escape(more)}"
                break
            texts.append("")
        texts[-1] = f"{texts[-1]}\n{line}".lstrip("\n")
    return texts


def _line(text: str) -> str:
    return with_mentions(cut(text, LINE))
