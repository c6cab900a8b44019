"""What an error of a call means for a delivery: its own fault, or a way that is barred."""

import asyncio
from collections.abc import Collection
from http import HTTPStatus

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.application.ports.queues import LaneTrouble, NotSent, Outcome
from bot.application.ports.troubles import TroubleKind
from handlers.slack.client import CallRefused, code_of, is_rate_limit, retry_after, status_of
from handlers.slack.scopes import MISSING, is_for_all, is_off

TOKEN = frozenset(
    {
        "access_denied",
        "account_inactive",
        "ekm_access_denied",
        "enterprise_is_restricted",
        "invalid_auth",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
        "two_factor_setup_required",
    }
)
"""The app was thrown out, or may not do what it did; surely nothing was done."""
CHANNEL = frozenset(
    {
        "as_user_not_supported",
        "channel_is_limited_access",
        "channel_not_found",
        "is_archived",
        "is_inactive",
        "method_not_supported_for_channel_type",
        "not_in_channel",
        "posting_to_channel_denied",
        "restricted_action",
        "restricted_action_non_threadable_channel",
        "restricted_action_read_only_channel",
        "restricted_action_thread_locked",
        "restricted_action_thread_only_channel",
    }
)
"""Said of one of the desk's own channels: it is archived, or the desk is not in it."""
DOUBTFUL = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
)
"""`ok: false`, yet nobody knows whether it was done."""
HOPELESS = frozenset(
    {
        "block_mismatch",
        "cannot_dm_bot",
        "invalid_arguments",
        "invalid_blocks",
        "invalid_blocks_format",
        "messages_tab_disabled",
        "metadata_too_large",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "user_disabled",
        "user_not_found",
        "users_not_found",
        "view_too_large",
    }
)
"""Trying again would be refused again."""
NEVER_REACHED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
TOO_LARGE = f"http_{HTTPStatus.REQUEST_ENTITY_TOO_LARGE.value}"


def ending(error: BaseException, channels: Collection[str] = ()) -> Outcome:
    """What an error of a call says; `channels`: those that the desk works in."""
    if isinstance(error, SlackApiError):
        return _answered(error, channels)
    if isinstance(error, NEVER_REACHED):
        return LaneTrouble(error="unreachable")
    if isinstance(error, (aiohttp.ClientError, asyncio.TimeoutError, OSError)):
        return LaneTrouble(error=code_of(error), may_have_arrived=True)
    return NotSent(code_of(error))


def _answered(error: SlackApiError, channels: Collection[str]) -> Outcome:
    code = code_of(error)
    if is_rate_limit(error):
        return NotSent("rate_limited", retry_after=retry_after(error))
    method = error.method if isinstance(error, CallRefused) else ""
    # A feature is off then, and the rest goes on.
    is_one_feature = code == MISSING and is_off(error) and not is_for_all(method)
    if code == TOO_LARGE or is_one_feature:
        return NotSent(code, is_final=True)
    if code in TOKEN:
        return LaneTrouble(error=code, kind=TroubleKind.TOKEN)
    channel = error.channel if isinstance(error, CallRefused) else ""
    if code in CHANNEL and channel in channels:
        return LaneTrouble(error=code, kind=TroubleKind.CHANNEL, scope=channel)
    is_server = status_of(error) >= HTTPStatus.INTERNAL_SERVER_ERROR
    if is_server or code in DOUBTFUL or code.startswith("http_"):
        return LaneTrouble(error=code, may_have_arrived=True)
    return NotSent(code, is_final=code in HOPELESS)
