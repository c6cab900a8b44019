"""files.* and reactions.*: what is attached to messages."""

from typing import Any

from handlers.sandbox.slack.refusals import ApiRefusal
from handlers.sandbox.slack.state.workspace_state import WorkspaceState
from handlers.sandbox.slack.workspace import APP, BOT, Channel, File, Message

Json = dict[str, Any]


async def get_upload_url(state: WorkspaceState, args: Json) -> Json:
    if args["length"] < 1 or not args["filename"]:
        raise ApiRefusal(
            "invalid_arguments", "[ERROR] must be greater than 0 [json-pointer:/length]"
        )
    url, file = state.files.reserve(args["filename"], args["length"])
    return {"upload_url": url, "file_id": file.id}


async def complete_upload(state: WorkspaceState, args: Json) -> Json:
    """Finish uploads whose bytes have come, and share them where asked."""
    done = [_finished(state, item) for item in args["files"]]
    if not done:
        raise ApiRefusal("invalid_arguments", "[ERROR] no fewer than 1 items allowed")
    target = args.get("channel_id") or args.get("channels")
    shown = [state.shapes.file(file) for file in done]
    if target:
        channel = state.joined_channel(target)
        _share(state, channel, done, args)
    return {"files": shown}


async def describe(state: WorkspaceState, args: Json) -> Json:
    file = state.files.known(args["file"])
    shown = state.shapes.file(file, is_whole=True)
    shares: Json = {}
    places: dict[str, list[str]] = {"channels": [], "groups": [], "ims": []}
    for channel_id, ts, thread_ts in file.shares:
        channel = state.world.channels[channel_id]
        kind = "private" if channel.is_private else "public"
        share = {"ts": ts, "channel_name": channel.name, "team_id": "T0DESK"}
        share |= {"thread_ts": thread_ts} if thread_ts else {}
        shares.setdefault(kind, {}).setdefault(channel_id, []).append(share)
        place = "ims" if channel.is_im else "groups" if channel.is_private else "channels"
        places[place].append(channel_id)
    shown |= {"shares": shares, "comments_count": 0, **places}
    return {"file": shown, "comments": [], "response_metadata": {"next_cursor": ""}}


async def delete(state: WorkspaceState, args: Json) -> Json:
    file = state.files.known(args["file"])
    if file.user != state.world.bot.id:
        raise ApiRefusal("cant_delete_file")
    state.files.delete(file)
    return {}


async def add_reaction(state: WorkspaceState, args: Json) -> Json:
    channel, message = _reacted_to(state, args)
    me = state.world.bot.id
    if me in message.reactions.get(args["name"], []):
        raise ApiRefusal("already_reacted")
    state.posts.react(channel, message, me, args["name"])
    return {}


async def remove_reaction(state: WorkspaceState, args: Json) -> Json:
    channel, message = _reacted_to(state, args)
    me = state.world.bot.id
    if me not in message.reactions.get(args["name"], []):
        raise ApiRefusal("no_reaction")
    state.posts.unreact(channel, message, me, args["name"])
    return {}


async def get_reactions(state: WorkspaceState, args: Json) -> Json:
    channel, message = _reacted_to(state, args)
    return {"type": "message", "channel": channel.id, "message": state.shapes.message(message)}


def _finished(state: WorkspaceState, item: object) -> File:
    if not isinstance(item, dict) or item.keys() - {"id", "title", "highlight_type"}:
        raise ApiRefusal("invalid_arguments", "[ERROR] unknown field [json-pointer:/files/0]")
    file = state.files.known(str(item.get("id")))
    if file.content is None or file.complete:
        raise ApiRefusal("file_not_found")
    file.complete = True
    file.title = item.get("title") or file.title
    return file


def _share(state: WorkspaceState, channel: Channel, files: list[File], args: Json) -> Message:
    message = state.posts.new(channel, state.world.bot.id, args.get("initial_comment") or "")
    message.bot_id, message.app_id, message.subtype = BOT, APP, "file_share"
    message.files = [file.id for file in files]
    message.thread_ts = state.thread(channel, args.get("thread_ts") or "")
    state.posts.post(channel, message)
    return message


def _reacted_to(state: WorkspaceState, args: Json) -> tuple[Channel, Message]:
    if not (args.get("channel") and args.get("timestamp")):
        raise ApiRefusal("no_item_specified")
    channel = state.joined_channel(args["channel"])
    return channel, state.message(channel, args["timestamp"])
