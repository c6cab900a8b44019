"""answerCallbackQuery: once a press, in time, at most 200 characters."""

from typing import Final

from handlers.sandbox.telegram.methods.method_call import Ask, Method
from handlers.sandbox.telegram.refusals import ANSWER_TOO_LONG, QUERY_TOO_OLD, bad_request, mistake
from handlers.sandbox.telegram.state.changes import Seen
from handlers.sandbox.telegram.state.world import Query

ANSWER_SECONDS: Final = 15.0
ANSWER_LENGTH: Final = 200
_TWICE: Final = "callback query answered twice"


def answer_callback_query(ask: Ask) -> bool:
    """Shows a toast or an alert, or just stops the button's spinner."""
    if len(ask.given.get("text", "")) > ANSWER_LENGTH:
        raise mistake(ANSWER_TOO_LONG)
    query = ask.world.queries.get(ask.given["callback_query_id"])
    if query is None or ask.world.clock() - query.asked_at > ANSWER_SECONDS:
        raise bad_request(QUERY_TOO_OLD)
    if query.answer.done():
        _answered_already(ask, query)
    answer = {
        "text": ask.given.get("text", ""),
        "show_alert": ask.given.get("show_alert", False),
        "url": ask.given.get("url", ""),
    }
    query.answer.set_result(answer)
    chat = ask.world.chats[query.chat_id]
    ask.world.tell(Seen.TOAST, chat, None, {**answer, "user_id": query.user_id})
    return True


def _answered_already(ask: Ask, query: Query) -> None:
    """No mistake when our first answer may not have reached the bot."""
    if not query.was_lost:
        ask.world.record.blame(_TWICE, ask.method, query.query_id)
    raise bad_request(QUERY_TOO_OLD)


METHODS: Final[dict[str, Method]] = {"answerCallbackQuery": answer_callback_query}
