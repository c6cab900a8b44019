"""The desk's two channels: found by id or name, and looked at by `run` and `doctor` alike."""

import re
from dataclasses import dataclass, replace
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.domain.errors import Refused
from handlers.slack.client import SlackCalls, code_of
from handlers.slack.scopes import MISSING

NOT_THERE = frozenset({"channel_not_found", "method_not_supported_for_channel_type"})
CHANNEL_ID = re.compile(r"[CG][A-Z0-9]{2,20}")
ARCHIVED, NOT_A_MEMBER, NOT_FOUND = "is_archived", "not_in_channel", "channel_not_found"
PROBLEMS = {
    ARCHIVED: "slack.channel_archived",
    NOT_A_MEMBER: "slack.not_in_channel",
    NOT_FOUND: "slack.no_such_channel",
}
"""What each is called in the wording."""
PAGES = 50
KINDS = ("public_channel", "private_channel")


@dataclass(frozen=True, slots=True)
class ChannelFound:
    """A channel as Slack shows it to the desk."""

    id: str
    problem: str = ""
    """Slack's code of why nothing can be posted there; empty: nothing is in the way."""
    is_private: bool = False
    is_shared: bool = False
    """People of another workspace read and write there."""


async def find(calls: SlackCalls, name: str) -> ChannelFound:
    """By id or #name. Where the scope to look is missing, an id is taken as it is.

    Raises:
        SlackApiError: Slack does not say.
    """
    wanted = name.strip()
    if CHANNEL_ID.fullmatch(wanted):
        return await look_at(calls, wanted)
    shown = await _named(calls, wanted.removeprefix("#").lower())
    return ChannelFound("", NOT_FOUND) if shown is None else _found(shown)


async def look_at(calls: SlackCalls, channel: str) -> ChannelFound:
    """As `find`, by id."""
    try:
        answer = await calls.call("conversations.info", rank=0, channel=channel)
    except SlackApiError as error:
        if code_of(error) == MISSING:
            return ChannelFound(channel)
        if code_of(error) in NOT_THERE:
            return ChannelFound(channel, NOT_FOUND)
        if code_of(error) == ARCHIVED:
            return ChannelFound(channel, ARCHIVED)
        raise
    return _found({"id": channel} | (answer.get("channel") or {}))


async def enter(calls: SlackCalls, found: ChannelFound) -> ChannelFound:
    """A public channel the desk can join by itself; into a private one it must be invited."""
    if found.problem != NOT_A_MEMBER:
        return found
    try:
        await calls.call("conversations.join", channel=found.id)
    except SlackApiError:
        return found
    return replace(found, problem="")


def refusal_of(found: ChannelFound, name: str) -> Refused:
    return Refused(PROBLEMS[found.problem], name=name)


def _found(channel: dict[str, Any]) -> ChannelFound:
    is_private = bool(channel.get("is_private"))
    is_shared = bool(channel.get("is_ext_shared") or channel.get("is_pending_ext_shared"))
    if channel.get("is_archived"):
        return ChannelFound(str(channel["id"]), ARCHIVED, is_private, is_shared)
    is_outside = channel.get("is_member") is False
    return ChannelFound(
        str(channel["id"]), NOT_A_MEMBER if is_outside else "", is_private, is_shared
    )


async def _named(calls: SlackCalls, name: str) -> dict[str, Any] | None:
    """One that lives goes before an archived one of the same name."""
    try:
        found = await _listed(calls, name, ",".join(KINDS))
    except SlackApiError as error:
        if code_of(error) != MISSING:
            raise
        found = await _listed_apart(calls, name, error)
    return min(found, key=lambda one: bool(one.get("is_archived")), default=None)


async def _listed_apart(
    calls: SlackCalls, name: str, refused: SlackApiError
) -> list[dict[str, Any]]:
    """Each kind by itself: the scope for the other may be there."""
    found: list[dict[str, Any]] = []
    for kind in KINDS:
        try:
            calls.scopes.forget("conversations.list")
            found += await _listed(calls, name, kind)
        except SlackApiError as error:
            if code_of(error) != MISSING:
                raise
    if not found:
        raise refused
    return found


async def _listed(calls: SlackCalls, name: str, kinds: str) -> list[dict[str, Any]]:
    args: dict[str, Any] = {"types": kinds, "exclude_archived": False, "limit": 200}
    found: list[dict[str, Any]] = []
    for _ in range(PAGES):
        answer = await calls.call("conversations.list", **args)
        found += [one for one in answer.get("channels") or () if one.get("name") == name]
        cursor = (answer.get("response_metadata") or {}).get("next_cursor")
        if not cursor or any(not one.get("is_archived") for one in found):
            break
        args["cursor"] = cursor
    return found
