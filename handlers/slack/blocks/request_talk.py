"""What was said for a data request and what happened to it, as blocks of its card and dialogs."""

from zoneinfo import ZoneInfo

from bot.application.views.request_card import RequestCard
from bot.application.views.request_history import History
from bot.application.views.request_words import Said
from bot.domain.addresses import Language
from bot.wording import say
from bot.wording.times import moment
from handlers.slack.blocks.mrkdwn import (
    CONTEXT,
    Block,
    actions,
    button,
    context,
    cut,
    escape,
    mrkdwn,
    plain,
    section,
    with_mentions,
)

HISTORY = "request_history"
"""Turns to another part of what happened."""


def said_words(card: RequestCard, zone: ZoneInfo, language: Language) -> list[str]:
    """What a hold asks and what came of it; what the client wrote for the judge."""
    words, lines = card.words, list[str]()
    if words.question is not None:
        lines.append(_said("asked_client", words.question, zone, language))
        silent = escape(say("request_card.client_silent", language))
        answer = words.answer
        lines.append(_said("client_answered", answer, zone, language) if answer else silent)
    if words.appealed_at is not None:
        key = "appeal_said" if words.appeal else "appeal_silent"
        at = moment(words.appealed_at, zone, language)
        lines.append(escape(say(f"request_card.{key}", language, at=at)))
        lines += [f">{escape(one)}".replace("\n", "\n>") for one in words.appeal]
    return ["\n".join(lines)] if lines else []


def _said(key: str, said: Said, zone: ZoneInfo, language: Language) -> str:
    at = moment(said.at, zone, language)
    return escape(say(f"request_card.{key}", language, at=at, text=said.text or "–"))


def history_blocks(card: RequestCard, history: History, language: Language) -> list[Block]:
    """What happened, oldest first, and the way to the other parts where it is long."""
    blocks = [section(mrkdwn(say("request_card.history", language)))]
    blocks += [context(mrkdwn(cut(with_mentions(line), CONTEXT))) for line in history.lines]
    return [*blocks, *_turns(card, history, language)]


def _turns(card: RequestCard, history: History, language: Language) -> list[Block]:
    where = {"page": history.page + 1, "pages": history.pages}
    turns = [
        button(
            say(f"request_card.history_{name}", language),
            f"{HISTORY}~{name}",
            f"{card.request}:{page}",
        )
        for name, page in (("earlier", history.page - 1), ("later", history.page + 1))
        if 0 <= page < history.pages
    ]
    if not turns:
        return []
    shown = say("request_card.history_page", language, **where)
    return [context(plain(shown)), actions(*turns, block_id="history")]
