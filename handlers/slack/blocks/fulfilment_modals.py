"""The dialogs of what is carried out: judging what the look found, ticking a step by hand off.

Their private data holds ids only.
"""

import json
from collections.abc import Sequence

from bot.application.config import DeskConfig
from bot.application.fulfilment.manual_steps import name_of_step, waiting_steps
from bot.application.fulfilment.tick_off import open_findings
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import Language, RequestId
from bot.domain.fulfilment.steps import ExecutionStep, ManualOutcome, ResidualFinding
from bot.domain.fulfilment.tick_rules import reasons_for
from bot.wording import say
from handlers.slack.blocks.fulfilment_progress import finding_line
from handlers.slack.blocks.mrkdwn import (
    SECTION,
    TITLE,
    Block,
    actions,
    button,
    context,
    cut,
    escape,
    mrkdwn,
    option,
    plain,
    section,
)

FINDINGS, MANUAL = "request_findings", "request_manual"
FINDINGS_PAGE = "request_findings_page"
"""Turns to other findings; what was chosen and not sent is chosen again."""
FULFILMENT_OPENING = frozenset({FINDINGS, MANUAL})
A_PAGE = 8
OFFERED = 100
"""Options of a menu (Block Kit)."""


async def fulfilment_dialog(work: UnitOfWork, *, verb: str, ref: str, rules: DeskConfig) -> Block:
    """The dialog of a button on a card. Raises NotFound: there is no such request."""
    request = await work.requests.get(RequestId(ref.partition(":")[0]))
    if verb == MANUAL:
        waiting = await waiting_steps(work, request.id)
        return manual_modal(request.number, ref, waiting, rules.staff_language)
    found = await open_findings(work, request.id)
    return findings_modal(request.number, ref, found, rules.staff_language)


async def findings_page(work: UnitOfWork, *, chosen: str, rules: DeskConfig) -> Block:
    """Other findings. `chosen`: the page and what the card's button carried. Raises NotFound."""
    page, _, ref = chosen.partition(":")
    number = int(page) if page.isascii() and page.isdigit() else 0
    request = await work.requests.get(RequestId(ref.partition(":")[0]))
    found = await open_findings(work, request.id)
    return findings_modal(request.number, ref, found, rules.staff_language, page=number)


def findings_modal(
    number: str, ref: str, found: Sequence[ResidualFinding], language: Language, *, page: int = 0
) -> Block:
    """A page of what nobody has judged; only what stands on it can be ticked off by it."""
    pages = max(1, -(-len(found) // A_PAGE))
    at = min(page, pages - 1)
    shown = found[at * A_PAGE : (at + 1) * A_PAGE]
    blocks = [section(mrkdwn(escape(say("fulfilment.hint_findings", language))))]
    for place, finding in enumerate(shown):
        blocks += _judgement(finding, place, language)
    if pages > 1:
        blocks += _turns(ref, at, pages, language)
    data = {"t": ref, "p": [f"{one.id}:{one.hits}" for one in shown]}
    return _modal(FINDINGS, number, data, blocks, language)


def manual_modal(
    number: str, ref: str, waiting: Sequence[ExecutionStep], language: Language
) -> Block:
    """Which step was done, and how; a code and no words, for words would be data kept."""
    steps = [option(name_of_step(one), one.source) for one in waiting[:OFFERED]]
    codes = [option(say(f"fulfilment.outcome_{one}", language), one) for one in ManualOutcome]
    blocks = [
        section(mrkdwn(escape(say("fulfilment.hint_manual", language)))),
        _select("step", "label_step", steps, language),
        _select("outcome", "label_outcome", codes, language),
    ]
    return _modal(MANUAL, number, {"t": ref}, blocks, language)


def _judgement(finding: ResidualFinding, place: int, language: Language) -> list[Block]:
    """What is there, and what may be said of it; nothing is chosen before somebody does."""
    reasons = [option(say(f"fulfilment.tick_{one}", language), one) for one in reasons_for(finding)]
    name = f"finding_{place}"
    return [
        section(mrkdwn(cut(finding_line(finding, language), SECTION))),
        _select(name, "label_finding", reasons, language, block_id=f"{name}~{finding.id[:8]}"),
    ]


def _turns(ref: str, at: int, pages: int, language: Language) -> list[Block]:
    turns = [
        button(
            say(f"request_card.history_{name}", language),
            f"{FINDINGS_PAGE}~{name}",
            f"{page}:{ref}",
        )
        for name, page in (("earlier", at - 1), ("later", at + 1))
        if 0 <= page < pages
    ]
    shown = say("request_card.history_page", language, page=at + 1, pages=pages)
    return [context(plain(shown)), actions(*turns, block_id="findings")]


def _select(
    name: str, label: str, offered: list[Block], language: Language, *, block_id: str = ""
) -> Block:
    """A field; one that has a block id of its own need not be filled in."""
    return {
        "type": "input",
        "block_id": block_id or name,
        "label": plain(say(f"fulfilment.{label}", language)),
        "element": {
            "type": "static_select",
            "action_id": name,
            "options": offered,
            "placeholder": plain(say("request_card.choose", language)),
        },
        "optional": bool(block_id),
    }


def _modal(
    verb: str, number: str, data: dict[str, object], blocks: list[Block], language: Language
) -> Block:
    name = verb.removeprefix("request_")
    return {
        "type": "modal",
        "callback_id": verb,
        "title": plain(cut(say(f"fulfilment.title_{name}", language, number=number), TITLE)),
        "submit": plain(cut(say(f"fulfilment.submit_{name}", language), TITLE)),
        "close": plain(cut(say("request_card.cancel", language), TITLE)),
        "private_metadata": json.dumps(data),
        "blocks": blocks,
    }
