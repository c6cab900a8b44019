"""A ticket's card as blocks: a pure function of its view, at most fourteen blocks."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.application.views.refusals import Refusal
from bot.application.views.ticket_card import TicketCard
from bot.domain.addresses import Language
from bot.domain.tickets.message import DeliveryStatus
from bot.wording import say
from bot.wording.times import moment
from handlers.slack.blocks.mrkdwn import (
    CONTEXT,
    FALLBACK,
    FIELD,
    Block,
    actions,
    button,
    context,
    cut,
    escaped,
    header,
    mrkdwn,
    option,
    plain,
    section,
    with_mentions,
)

BUTTONS = ("claim", "reply", "note", "resolve", "reopen", "restore")
MENU = (
    "priority",
    "tags",
    "assign",
    "snooze",
    "wake",
    "merge",
    "spam",
    "await_third",
    "take_up",
    "close",
    "details",
)
CARD_BLOCKS = ("card", "request")
"""The names of the row of buttons on a card, by which it is known where metadata is missing."""
IN_MENU = 5
"""Options of an overflow menu (Block Kit); it needs two at least."""
MARKS = {
    DeliveryStatus.HELD: "⏳",
    DeliveryStatus.QUEUED: "🕓",
    DeliveryStatus.SENT: "✓",
    DeliveryStatus.FAILED: "✗",
    DeliveryStatus.BLOCKED: "⛔",
    DeliveryStatus.UNCERTAIN: "❓",
    DeliveryStatus.UNDONE: "↩",
}
"""Shown beside the word, never instead of it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A message: its blocks, and the text for notifications and screen readers."""

    text: str
    blocks: list[Block]

    @property
    def digest(self) -> str:
        """What it looks like, in short; kept with the post, so that drift can be seen."""
        drawn = json.dumps([self.text, self.blocks], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(drawn.encode("utf-8", "replace")).hexdigest()[:16]


def card_sheet(card: TicketCard, zone: ZoneInfo, language: Language) -> Sheet:
    """The card; times are shown with their zone."""
    blocks = [
        header(_title(card, language)),
        {"type": "section", "fields": _fields(card, zone, language)},
    ]
    if card.refusals:
        blocks.append(section(mrkdwn(refusal_text(card.refusals, language))))
    if card.first_text.strip():
        blocks.append(section(plain(cut(card.first_text, FIELD))))
    blocks.append(context(mrkdwn(_facts(card, zone, language)[:CONTEXT])))
    blocks.append(actions(*elements(card, language), block_id="card"))
    return Sheet(f"{_lead(card, language)}: {escaped(card.first_text, FALLBACK - 200)}", blocks)


def number_on(blocks: Sequence[Block]) -> str:
    """The number of the ticket or data request whose card this is; empty: it is no card."""
    if not any(each.get("block_id") in CARD_BLOCKS for each in blocks):
        return ""
    head: Block = next((each for each in blocks if each.get("type") == "header"), {})
    return str((head.get("text") or {}).get("text", "")).partition(" · ")[0]


def refusal_text(refusals: Sequence[Refusal], language: Language) -> str:
    """A line for each."""
    lines = dict.fromkeys(f"✗ {escaped(each.text(language), FIELD // 4)}" for each in refusals)
    return "\n".join(lines)


def tick(delivery: DeliveryStatus, language: Language) -> str:
    """`✓ sent`."""
    return f"{MARKS.get(delivery, '')} {say(f'desk.delivery_{delivery}', language)}"


def _title(card: TicketCard, language: Language) -> str:
    """Ids and codes only: a title shows on lock screens."""
    return f"{card.number} · {card.priority} · {say(f'desk.kind_{card.kind}', language)}"


def _lead(card: TicketCard, language: Language) -> str:
    state = say(f"desk.state_{card.state}", language)
    return f"{_title(card, language)} · {state}"


def _fields(card: TicketCard, zone: ZoneInfo, language: Language) -> list[Block]:
    """At most ten fields, two in a row (Block Kit)."""
    shown = [
        ("state", _state(card, zone, language)),
        ("client", _client(card, language)),
        ("assignee", with_mentions(card.assignee) or say("slack.nobody", language)),
        ("due", _due(card, zone, language)),
        ("waiting_on", say(f"desk.waiting_{card.waiting_on}", language)),
        ("tags", escaped(" ".join(f"#{tag}" for tag in card.tags), FIELD) or "–"),
    ]
    return [
        mrkdwn(f"*{say(f'slack.field_{name}', language)}*\n{value}"[:FIELD])
        for name, value in shown
    ]


def _state(card: TicketCard, zone: ZoneInfo, language: Language) -> str:
    state = say(f"desk.state_{card.state}", language)
    if card.snooze_until is not None:
        until = moment(card.snooze_until, zone, language)
        return say("slack.until", language, what=state, until=until)
    return f"{state} → {card.merged_into}" if card.merged_into else state


def _client(card: TicketCard, language: Language) -> str:
    name = escaped(card.client, FIELD // 2)
    return (
        name if card.is_client_reachable else f"{name} · {say('slack.unreachable_now', language)}"
    )


def _due(card: TicketCard, zone: ZoneInfo, language: Language) -> str:
    if card.due is None:
        return "–"
    what = say(f"desk.metric_{card.due.metric}", language)
    text = say("slack.until", language, what=what, until=moment(card.due.at, zone, language))
    return f"⚠ {say('slack.late', language)}: {text}" if card.due.is_late else text


def _facts(card: TicketCard, zone: ZoneInfo, language: Language) -> str:
    opened = moment(card.opened_at, zone, language)
    parts = [say("slack.opened", language, at=opened), counts(card, language)]
    if card.ticks:
        shown = ", ".join(f"{tick(step, language)}: {count}" for step, count in card.ticks)
        parts.append(say("slack.replies", language, ticks=shown))
    if card.reopened_count:
        parts.append(say("slack.reopened", language, count=card.reopened_count))
    if card.stars is not None:
        parts.append(f"{'★' * card.stars}{'☆' * (5 - card.stars)} ({card.stars}/5)")
    return " · ".join(parts)


def counts(card: TicketCard, language: Language) -> str:
    """How much was said, by whom."""
    return say(
        "slack.counts", language, words_in=card.words_in, words_out=card.words_out, notes=card.notes
    )


def elements(card: TicketCard, language: Language) -> list[Block]:
    """The buttons and menus that fit the state."""
    offered = set(card.actions)
    buttons = [
        button(say(f"slack.do_{verb}", language), verb, card.ticket, **_style(verb))
        for verb in BUTTONS
        if verb in offered
    ]
    rest = [verb for verb in MENU if verb in offered]
    return buttons + [
        _menu(f"more~{number}", verbs, card.ticket, language)
        for number, verbs in enumerate(_menus(rest))
    ]


def _menus(verbs: Sequence[str]) -> list[list[str]]:
    """Menus of two to five options each; the last one borrows where it would have only one."""
    menus = [list(verbs[at : at + IN_MENU]) for at in range(0, len(verbs), IN_MENU)]
    if len(menus) > 1 and len(menus[-1]) == 1:
        menus[-1].insert(0, menus[-2].pop())
    return menus


def _menu(action: str, verbs: Sequence[str], ticket: str, language: Language) -> Block:
    if len(verbs) == 1:
        return button(say(f"slack.do_{verbs[0]}", language), f"{verbs[0]}~{action}", ticket)
    return {
        "type": "overflow",
        "action_id": action,
        "options": [
            option(say(f"slack.do_{verb}", language), f"{verb}:{ticket}") for verb in verbs
        ],
    }


def _style(verb: str) -> dict[str, object]:
    return {"style": "primary"} if verb == "claim" else {}
