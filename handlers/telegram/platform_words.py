"""What Telegram itself says of a call of the desk's own, and whether it would say it again."""

from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, TelegramError

from bot.domain.errors import Refused
from handlers.log_setup import redact

LONGEST = 300
FINAL = (BadRequest, Forbidden, InvalidToken, Conflict)


def is_final(error: TelegramError) -> bool:
    """Whether Telegram understood and refused; a page of somebody between is no answer of it."""
    return isinstance(error, FINAL) and not _is_a_page(error)


def words_of(error: TelegramError) -> str:
    """In its own words, for the operator: only of calls that name no client.

    Of an answer that is no answer, and of a network, the kind of the error: pages say too much.
    """
    cause = error.__cause__
    if isinstance(error, InvalidToken) and isinstance(cause, TelegramError):
        return words_of(cause)
    if _is_a_page(error):
        return "unreadable_answer"
    if cause is not None and not isinstance(cause, TelegramError):
        return type(cause).__name__
    return redact(str(error.message))[:LONGEST] or type(error).__name__


def refusal_of(error: TelegramError, key: str = "telegram.refused") -> Refused:
    """What ends the start: Telegram understood and refused."""
    if isinstance(error, InvalidToken):
        return Refused("telegram.token_unknown")
    return Refused(key, said=words_of(error))


def _is_a_page(error: TelegramError) -> bool:
    cause = error.__cause__
    if isinstance(error, InvalidToken) and isinstance(cause, InvalidToken):
        return _is_a_page(cause)
    return isinstance(cause, TelegramError) and not isinstance(cause, FINAL)
