"""What Slack says of the desk's own calls at the start, and whether it would say it again."""

from slack_sdk.errors import SlackApiError

from bot.domain.errors import DeskError, Refused, Unavailable
from handlers.slack.call_endings import DOUBTFUL
from handlers.slack.client import code_of, is_rate_limit, status_of
from handlers.slack.scopes import MISSING, needed_of

BAD_TOKEN = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "not_allowed_token_type",
        "org_login_required",
    }
)
ANSWERED = (0, 200)
"""Slack refuses with 200; what has another status comes from somewhere between, or is trouble."""


def is_final(error: BaseException) -> bool:
    """Whether Slack understood and refused: it would refuse again."""
    if not isinstance(error, SlackApiError) or is_rate_limit(error):
        return False
    code = code_of(error)
    is_answer = status_of(error) in ANSWERED and not code.startswith("http_")
    return is_answer and code not in DOUBTFUL


def start_refusal(error: BaseException) -> DeskError:
    """What ends the start, or lets it wait."""
    code = code_of(error)
    if not is_final(error):
        return Unavailable("slack.unreachable", error=code)
    if code in BAD_TOKEN:
        return Refused("slack.token_unknown", error=code)
    if code == MISSING:
        return Refused("slack.scope_missing", scopes=needed_of(error))
    return Refused("slack.refused", error=code)
