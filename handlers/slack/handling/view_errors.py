"""Why Slack did not show a dialog, as whoever pressed is told."""

import math

from slack_sdk.errors import SlackApiError

from bot.domain.errors import DeskError
from handlers.slack.client import code_of, is_rate_limit, retry_after
from handlers.slack.places import is_for_now
from handlers.slack.rate_limits import TooBusy

TOO_LATE = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"})
GONE = frozenset({"not_found", "view_not_found", "hash_conflict", "duplicate_external_id"})
TOO_MANY = frozenset({"push_limit_reached"})
TOO_LARGE = frozenset({"view_too_large", "invalid_blocks", "msg_too_long", "invalid_arguments"})


class NotOpened(DeskError):
    """A dialog was not shown; nothing was changed, and the text says what to do."""


def not_opened(error: BaseException) -> NotOpened:
    """What an error of views.open or views.update means for a person."""
    if isinstance(error, TooBusy):
        return _busy(error.retry_after.total_seconds())
    if isinstance(error, SlackApiError) and is_rate_limit(error):
        return _busy(retry_after(error).total_seconds())
    code = code_of(error)
    for codes, key in (
        (TOO_LATE, "dialog_too_late"),
        (GONE, "dialog_changed"),
        (TOO_MANY, "dialogs_too_many"),
        (TOO_LARGE, "dialog_too_large"),
    ):
        if code in codes:
            return NotOpened(f"slack_words.{key}")
    if is_for_now(error):
        return NotOpened("slack_words.dialog_unreachable")
    return NotOpened("slack_words.dialog_refused", code=code)


def _busy(seconds: float) -> NotOpened:
    return NotOpened("slack_words.dialog_busy", seconds=max(1, math.ceil(seconds)))
