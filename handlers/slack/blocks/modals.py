"""The dialogs, as views. Their private data holds ids only."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from bot.application.canned_replies import CannedReplies
from bot.application.views.message_routes import MessageRoute
from bot.application.views.ticket_card import TicketCard
from bot.domain.addresses import Language
from bot.domain.tickets.states import Priority
from bot.wording import say
from bot.wording.times import moment
from handlers.slack.blocks.mrkdwn import (
    CONTEXT,
    TITLE,
    Block,
    actions,
    button,
    context,
    cut,
    option,
    plain,
    section,
    slices,
)

INPUT = 3000
"""Characters of an input (Block Kit, plain_text_input)."""
SNOOZES = ("1h", "4h", "tomorrow", "next_week")
NOBODY = "nobody"
MOST_OPTIONS = 100
MOST_ROUTES = 30
"""Messages whose routes one dialog shows: with their words they fit its blocks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyDraft:
    """What the dialog of a reply shows."""

    ticket: str
    number: str
    language: Language
    last_words: str
    """Of the client, hidden characters written out."""
    variables: dict[str, str]
    text: str = ""
    turn: int = 0
    """Slack keeps what was typed in a field; a new turn is a new field."""
    preview: str = ""


def reply_modal(draft: ReplyDraft, canned: CannedReplies, language: Language) -> Block:
    blocks: list[Block] = []
    if draft.last_words:
        words = say("slack.last_words", language, text=draft.last_words)
        blocks.append(context(plain(cut(words, CONTEXT))))
    if groups := _canned_groups(draft, canned, language):
        menu = {
            "type": "static_select",
            "action_id": "canned",
            "placeholder": plain(say("slack.choose", language)),
            "option_groups": groups,
        }
        label = plain(say("slack.canned", language))
        blocks.append(section(label, accessory=menu, block_id="canned"))
    blocks.append(_text(f"text~{draft.turn}", "reply_text", language, initial=draft.text))
    preview = button(say("slack.preview", language), "preview", draft.ticket)
    blocks.append(actions(preview, block_id="preview"))
    blocks += [section(plain(part)) for part in slices(draft.preview)]
    return _modal("reply", draft.number, blocks, {"t": draft.ticket, "n": draft.turn}, language)


def note_modal(card: TicketCard, language: Language) -> Block:
    blocks = [_text("text", "note_text", language)]
    return _modal("note", card.number, blocks, {"t": card.ticket}, language)


def resolve_modal(card: TicketCard, language: Language) -> Block:
    blocks = [
        _hinted(_text("resolution", "resolution", language), "resolution_hint", language),
        _tags(card, language),
        _optional(_text("text", "last_reply", language)),
    ]
    return _modal("resolve", card.number, blocks, {"t": card.ticket}, language)


def priority_modal(card: TicketCard, language: Language) -> Block:
    offered = [option(say(f"slack.priority_{each}", language), each) for each in Priority]
    first = next(each for each in offered if each["value"] == card.priority)
    blocks = [_select("priority", offered, first, language)]
    return _modal("priority", card.number, blocks, {"t": card.ticket}, language)


def tags_modal(card: TicketCard, language: Language) -> Block:
    blocks = [_optional(_tags(card, language))]
    return _modal("tags", card.number, blocks, {"t": card.ticket}, language)


def assign_modal(card: TicketCard, staff: Sequence[tuple[str, str]], language: Language) -> Block:
    """`staff`: (id, name); the first ninety-nine, as a menu holds a hundred."""
    offered = [option(name, who) for who, name in staff[: MOST_OPTIONS - 1]]
    offered.append(option(say("slack.nobody", language), NOBODY))
    blocks = [_select("assignee", offered, None, language)]
    return _modal("assign", card.number, blocks, {"t": card.ticket}, language)


def snooze_modal(card: TicketCard, language: Language) -> Block:
    offered = [option(say(f"slack.snooze_{each}", language), each) for each in SNOOZES]
    picker = {"type": "datetimepicker", "action_id": "until"}
    blocks = [
        _select("span", offered, offered[0], language),
        _optional(_input("until", "snooze_until", picker, language)),
    ]
    return _modal("snooze", card.number, blocks, {"t": card.ticket}, language)


def merge_modal(card: TicketCard, language: Language) -> Block:
    blocks = [_search("into", "merge_into", "find_merge", language)]
    return _modal("merge", card.number, blocks, {"t": card.ticket}, language)


def new_modal(language: Language) -> Block:
    blocks = [
        _search("client", "new_client", "find_ticket", language),
        _text("text", "reply_text", language),
    ]
    return _modal("new", "", blocks, {}, language)


def attach_modal(places: Sequence[str], language: Language) -> Block:
    """`places`: channel, message and thread of what is to be attached."""
    blocks = [_search("ticket", "attach_ticket", "find_ticket", language)]
    return _modal("attach", "", blocks, {"p": [*places]}, language)


def tag_modal(tag: str, language: Language) -> Block:
    blocks = [_optional(_line("tag", "filter_tag", language, initial=tag))]
    return _modal("home_tag", "", blocks, {}, language)


def notice_modal(text: str, language: Language) -> Block:
    """Something to read, and nothing to fill in."""
    return {
        "type": "modal",
        "callback_id": "notice",
        "title": plain(cut(say("slack.notice", language), TITLE)),
        "close": plain(cut(say("slack.close", language), TITLE)),
        "blocks": [section(plain(part)) for part in slices(text)],
    }


def details_modal(
    number: str, routes: Sequence[MessageRoute], zone: ZoneInfo, language: Language
) -> Block:
    """What was done with each message of the client, and why; the latest, newest first."""
    lines = [
        f"{moment(one.at, zone, language)}\n{one.words(language)}\n{one.message}"
        for one in routes[: -MOST_ROUTES - 1 : -1]
    ] or [say("routes.no_messages", language)]
    if len(routes) > MOST_ROUTES:
        lines.append(say("routes.more", language, count=len(routes) - MOST_ROUTES))
    return notice_modal("\n\n".join(lines), language) | {"title": plain(cut(number, TITLE))}


def _modal(
    name: str, number: str, blocks: list[Block], data: dict[str, Any], language: Language
) -> Block:
    title = say(f"slack.title_{name}", language, number=number)
    return {
        "type": "modal",
        "callback_id": name,
        "title": plain(cut(title, TITLE)),
        "submit": plain(cut(say(f"slack.submit_{name}", language), TITLE)),
        "close": plain(cut(say("slack.cancel", language), TITLE)),
        "private_metadata": json.dumps(data),
        "blocks": blocks,
    }


def _input(block_id: str, label: str, element: Block, language: Language) -> Block:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(say(f"slack.label_{label}", language)),
        "element": element,
    }


def _tags(card: TicketCard, language: Language) -> Block:
    line = _line("tags", "tags", language, initial=", ".join(card.tags))
    return _hinted(line, "tags_hint", language)


def _text(block_id: str, label: str, language: Language, *, initial: str = "") -> Block:
    return _typed(block_id, label, language, initial)


def _line(block_id: str, label: str, language: Language, *, initial: str = "") -> Block:
    return _typed(block_id, label, language, initial, multiline=False)


def _typed(
    block_id: str, label: str, language: Language, initial: str, *, multiline: bool = True
) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": block_id.partition("~")[0],
        "multiline": multiline,
        "max_length": INPUT,
    }
    if initial:
        element["initial_value"] = cut(initial, INPUT)
    return _input(block_id, label, element, language)


def _hinted(block: Block, hint: str, language: Language) -> Block:
    return block | {"hint": plain(say(f"slack.{hint}", language))}


def _optional(block: Block) -> Block:
    return block | {"optional": True}


def _select(name: str, offered: list[Block], first: Block | None, language: Language) -> Block:
    element: Block = {"type": "static_select", "action_id": name, "options": offered}
    if first is not None:
        element["initial_option"] = first
    return _input(name, name, element, language)


def _search(name: str, label: str, action: str, language: Language) -> Block:
    element: Block = {
        "type": "external_select",
        "action_id": action,
        "min_query_length": 0,
        "placeholder": plain(say("slack.search", language)),
    }
    return _input(name, label, element, language)


def _canned_groups(draft: ReplyDraft, canned: CannedReplies, language: Language) -> list[Block]:
    """The client's language first."""
    order = [draft.language, *(each for each in Language if each is not draft.language)]
    groups: list[Block] = []
    for each in order:
        offered = [option(reply.title, f"{each}:{reply.name}"[:150]) for reply in canned.of(each)]
        if offered:
            label = plain(say(f"slack.language_{each}", language))
            groups.append({"label": label, "options": offered[:MOST_OPTIONS]})
    return groups
