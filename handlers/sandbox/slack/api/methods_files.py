"""files.* and reactions.*: what is attached to messages."""

from typing import Any

from handlers.sandbox.slack.refusals import ApiRefusal
from handlers.sandbox.slack.state.workspace_state import Room
from handlers.sandbox.slack.workspace import APP, BOT, Channel, File, Message

Json = dict[str, Any]


async def get_upload_url(room: Room, args: Json) -> Json:
    if args["length"] < 1 or not args["filename"]:
        raise ApiRefusal(
            "invalid_arguments", "[ERROR] must be greater than 0 [json-pointer:/length]"
        )
    url, file = room.files.reserve(args["filename"], args["length"])
    return {"upload_url": url, "file_id": file.id}


async def complete_upload(room: Room, args: Json) -> Json:
    """Finish uploads whose bytes have come, and share them where asked."""
    done = [_finished(room, item) for item in args["files"]]
    if not done:
        raise ApiRefusal("invalid_arguments", "[ERROR] no fewer than 1 items allowed")
    target = args.get("channel_id") or args.get("channels")
    shown = [room.shapes.file(file) for file in done]
    if target:
        channel = room.joined_channel(target)
        _share(room, channel, done, args)
    return {"files": shown}


async def describe(room: Room, args: Json) -> Json:
    file = room.files.known(args["file"])
    shown = room.shapes.file(file)
    shares: Json = {}
    places: dict[str, list[str]] = {"channels": [], "groups": [], "ims": []}
    for channel_id, ts, thread_ts in file.shares:
        channel = room.world.channels[channel_id]
        kind = "private" if channel.is_private else "public"
        share = {"ts": ts, "channel_name": channel.name, "team_id": "T0DESK"}
        share |= {"thread_ts": thread_ts} if thread_ts else {}
        shares.setdefault(kind, {}).setdefault(channel_id, []).append(share)
        place = "ims" if channel.is_im else "groups" if channel.is_private else "channels"
        places[place].append(channel_id)
    shown |= {"shares": shares, "comments_count": 0, **places}
    return {"file": shown, "comments": [], "response_metadata": {"next_cursor": ""}}


async def delete(room: Room, args: Json) -> Json:
    file = room.files.known(args["file"])
    if file.user != room.world.bot.id:
        raise ApiRefusal("cant_delete_file")
    room.files.delete(file)
    return {}


async def add_reaction(room: Room, args: Json) -> Json:
    channel, message = _reacted_to(room, args)
    me = room.world.bot.id
    if me in message.reactions.get(args["name"], []):
        raise ApiRefusal("already_reacted")
    room.posts.react(channel, message, me, args["name"])
    return {}


async def remove_reaction(room: Room, args: Json) -> Json:
    channel, message = _reacted_to(room, args)
    me = room.world.bot.id
    if me not in message.reactions.get(args["name"], []):
        raise ApiRefusal("no_reaction")
    room.posts.unreact(channel, message, me, args["name"])
    return {}


async def get_reactions(room: Room, args: Json) -> Json:
    channel, message = _reacted_to(room, args)
    return {"type": "message", "channel": channel.id, "message": room.shapes.message(message)}


def _finished(room: Room, item: object) -> File:
    if not isinstance(item, dict) or item.keys() - {"id", "title", "highlight_type"}:
        raise ApiRefusal("invalid_arguments", "[ERROR] unknown field [json-pointer:/files/0]")
    file = room.files.known(str(item.get("id")))
    if file.content is None or file.complete:
        raise ApiRefusal("file_not_found")
    file.complete = True
    file.title = item.get("title") or file.title
    return file


def _share(room: Room, channel: Channel, files: list[File], args: Json) -> Message:
    message = room.posts.new(channel, room.world.bot.id, args.get("initial_comment") or "")
    message.bot_id, message.app_id, message.subtype = BOT, APP, "file_share"
    message.files = [file.id for file in files]
    message.thread_ts = room.thread(channel, args.get("thread_ts") or "")
    room.posts.post(channel, message)
    return message


def _reacted_to(room: Room, args: Json) -> tuple[Channel, Message]:
    if not (args.get("channel") and args.get("timestamp")):
        raise ApiRefusal("no_item_specified")
    channel = room.joined_channel(args["channel"])
    return channel, room.message(channel, args["timestamp"])
