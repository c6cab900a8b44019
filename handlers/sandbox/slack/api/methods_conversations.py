"""conversations.*: channels, their members and their history."""

from typing import Any

from handlers.sandbox.slack.api.pagination import MAX_PAGE_ITEMS, cursor_of, page_of
from handlers.sandbox.slack.refusals import ApiRefusal
from handlers.sandbox.slack.shapes import channel_shape
from handlers.sandbox.slack.state.workspace_state import WorkspaceState
from handlers.sandbox.slack.workspace import Message

Json = dict[str, Any]
KINDS = frozenset({"public_channel", "private_channel", "im", "mpim"})


async def list_all(state: WorkspaceState, args: Json) -> Json:
    wanted = set((args.get("types") or "public_channel").replace(" ", "").split(","))
    if wanted - KINDS:
        raise ApiRefusal("invalid_types")
    seen = [c for c in state.world.channels.values() if c.kind in wanted]
    seen = [c for c in seen if not c.is_private or state.world.bot.id in c.members]
    if args.get("exclude_archived"):
        seen = [c for c in seen if not c.is_archived]
    page, following = page_of(seen, args)
    shown = [channel_shape(c, state.world, count=True) for c in page]
    return {"channels": shown, **cursor_of(following)}


async def describe(state: WorkspaceState, args: Json) -> Json:
    channel = state.channel(args["channel"])
    count = bool(args.get("include_num_members"))
    return {"channel": channel_shape(channel, state.world, count=count)}


async def join(state: WorkspaceState, args: Json) -> Json:
    channel = state.channel(args["channel"])
    if channel.is_archived:
        raise ApiRefusal("is_archived")
    if channel.kind != "public_channel":
        raise ApiRefusal("method_not_supported_for_channel_type")
    answer: Json = {}
    if state.world.bot.id in channel.members:
        answer["warning"] = "already_in_channel"
        answer["response_metadata"] = {"warnings": ["already_in_channel"]}
    else:
        state.posts.joined(channel, state.world.bot.id)
    return {"channel": channel_shape(channel, state.world), **answer}


async def members(state: WorkspaceState, args: Json) -> Json:
    channel = state.channel(args["channel"])
    page, following = page_of(list(channel.members), args)
    return {"members": page, **cursor_of(following)}


async def open_direct(state: WorkspaceState, args: Json) -> Json:
    """Open a direct message with one person."""
    if args.get("channel"):
        return {"channel": {"id": state.channel(args["channel"]).id}, "no_op": True}
    people = [u for u in (args.get("users") or "").split(",") if u]
    if not people:
        raise ApiRefusal("users_list_not_supplied")
    if any(person not in state.world.users for person in people):
        raise ApiRefusal("user_not_found")
    if len(people) > 1:
        raise ApiRefusal("method_not_supported_for_channel_type")
    if state.world.users[people[0]].deleted:
        raise ApiRefusal("user_disabled")
    channel = state.world.direct(people[0])
    if args.get("return_im"):
        return {"channel": channel_shape(channel, state.world)}
    return {"channel": {"id": channel.id}}


async def history(state: WorkspaceState, args: Json) -> Json:
    """Give the messages outside threads, newest first."""
    channel = state.channel(args["channel"])
    if state.world.bot.id not in channel.members:
        raise ApiRefusal("not_in_channel")
    seen = [m for m in channel.newest_first() if not m.is_reply or m.subtype == "thread_broadcast"]
    page, following = page_of([m for m in seen if _within(m, args)], args)
    return {
        "messages": _shown(state, page, args),
        "has_more": bool(following),
        "pin_count": 0,
        "channel_actions_ts": None,
        "channel_actions_count": 0,
        **(cursor_of(following) if following else {}),
    }


async def replies(state: WorkspaceState, args: Json) -> Json:
    """Give a thread, its first message included, oldest first."""
    channel = state.channel(args["channel"])
    if state.world.bot.id not in channel.members:
        raise ApiRefusal("not_in_channel")
    first = channel.messages.get(args["ts"])
    thread = channel.thread(args["ts"])
    if first is None and not thread:
        raise ApiRefusal("thread_not_found")
    later = [m for m in thread if _within(m, args)]
    page, following = page_of([first, *later] if first else later, args, MAX_PAGE_ITEMS)
    return {
        "messages": _shown(state, page, args),
        "has_more": bool(following),
        **(cursor_of(following) if following else {}),
    }


def _shown(state: WorkspaceState, page: list[Message], args: Json) -> list[Json]:
    metadata = bool(args.get("include_all_metadata"))
    return [state.shapes.message(message, metadata=metadata) for message in page]


def _within(message: Message, args: Json) -> bool:
    ts = float(message.ts)
    oldest, latest = _bound(args, "oldest", 0.0), _bound(args, "latest", float("inf"))
    return oldest <= ts <= latest if args.get("inclusive") else oldest < ts < latest


def _bound(args: Json, name: str, otherwise: float) -> float:
    given = args.get(name)
    if given in {None, "", "0", "now"}:
        return otherwise
    try:
        return float(str(given))
    except ValueError as unreadable:
        raise ApiRefusal(f"invalid_ts_{name}") from unreadable
