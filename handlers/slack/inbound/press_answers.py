"""Every press has an answer: what stood in its way is told to whoever pressed, and what to do."""

import logging
from collections.abc import Coroutine
from typing import Any

from bot.application.bus import UpdateEnd
from bot.domain.addresses import Language
from bot.domain.errors import DeskError, Unavailable
from bot.wording import say
from bot.wording.refusals import refusal_text
from handlers.log_setup import log
from handlers.slack.access import visitor_of
from handlers.slack.blocks.modals import notice_modal
from handlers.slack.ephemeral_replies import EphemeralReplies
from handlers.slack.payloads.parsing import Json, errors_of, has_fields, where_of
from handlers.update_log import log_end

PressTask = Coroutine[Any, Any, object]


class PressAnswers:
    """Does what was pressed, and speaks up where it was not done."""

    def __init__(self, replies: EphemeralReplies, language: Language) -> None:
        self._replies = replies
        self._language = language

    def aside(self, body: Json, work: PressTask) -> None:
        """Do it on the side: Slack waits three seconds, and the person for an answer."""
        self._replies.aside(self._to_its_end(body, work))

    async def _to_its_end(self, body: Json, work: PressTask) -> None:
        """What opens a dialog is in no inbox: its end is written down here."""
        trouble = await self.or_told(body, work)
        reason = "refused" if trouble else "done"
        action = visitor_of(body).action.partition("~")[0]
        log_end("slack", UpdateEnd(route="Dialog", reason=reason, action=action, refusal=trouble))

    async def or_told(self, body: Json, work: PressTask) -> str:
        """Do it, or tell whoever pressed why not. A code of what went wrong; empty: nothing did."""
        try:
            await work
        except Unavailable as error:
            self._replies.tell(where_of(body), self.not_now(error))
            return error.key
        except DeskError as error:
            self._replies.tell(where_of(body), refusal_text(error, self._language))
            return error.key
        except Exception as error:  # noqa: BLE001  # the boundary of a press: nobody else hears of it
            log(__name__, "press_failed", logging.ERROR, error=type(error).__name__)
            self._replies.tell(where_of(body), say("slack_words.press_failed", self._language))
            return type(error).__name__
        return ""

    def not_now(self, error: Unavailable) -> str:
        why = refusal_text(error, self._language)
        return say("slack_words.not_now", self._language, why=why)

    def kept_here(self, error: Unavailable) -> str:
        """For a dialog that stays open."""
        why = refusal_text(error, self._language)
        return say("slack_words.kept_here", self._language, why=why)

    def shown_in(self, view: Json, field: str, text: str) -> Json:
        """Why a dialog was not taken: at a field of it, else in its place."""
        if has_fields(view):
            return errors_of(view, field, text)
        return {"response_action": "update", "view": notice_modal(text, self._language)}
