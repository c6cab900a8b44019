"""chat.*: what the app says in channels and threads."""

from typing import Any

from handlers.sandbox.slack import limits
from handlers.sandbox.slack.block_kit.contents import content_of, metadata_of
from handlers.sandbox.slack.refusals import ApiRefusal
from handlers.sandbox.slack.state.workspace_state import WorkspaceState
from handlers.sandbox.slack.workspace import APP, BOT, DOMAIN, Channel, Message

Json = dict[str, Any]
FURTHEST_SECONDS = 120 * 24 * 3600


async def post_message(state: WorkspaceState, args: Json) -> Json:
    channel = state.joined_channel(args["channel"], by_name=True)
    content = content_of(args, state.record, "chat.postMessage")
    message = _by_the_app(state, channel, content.text)
    message.blocks, message.attachments = content.blocks, content.attachments
    message.metadata = metadata_of(args)
    message.username = args.get("username") or ""
    message.thread_ts = state.thread(channel, args.get("thread_ts") or "")
    if message.thread_ts and args.get("reply_broadcast"):
        message.subtype = "thread_broadcast"
    state.posts.post(channel, message)
    answer: Json = {"channel": channel.id, "ts": message.ts}
    answer["message"] = state.shapes.message(message, metadata=True)
    if content.warnings:
        answer |= {"warning": ",".join(content.warnings)}
        answer["response_metadata"] = {"warnings": content.warnings}
    return answer


async def update(state: WorkspaceState, args: Json) -> Json:
    """Edit in place; parts that are not given stay, an empty list takes them away."""
    channel = state.joined_channel(args["channel"])
    message = _own_message(state, channel, args["ts"], "cant_update_message")
    content = content_of(args, state.record, "chat.update")
    if len(content.text) > limits.UPDATE_TEXT:
        raise ApiRefusal("msg_too_long")
    changed: Json = {"text": content.text or message.text}
    changed |= {part: getattr(content, part) for part in ("blocks", "attachments") if part in args}
    if "metadata" in args:
        changed["metadata"] = metadata_of(args)
    state.posts.edit(channel, message, state.world.bot.id, **changed)
    shown = state.shapes.message(message, metadata=True)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


async def delete(state: WorkspaceState, args: Json) -> Json:
    channel = state.joined_channel(args["channel"])
    message = _own_message(state, channel, args["ts"], "cant_delete_message")
    state.posts.delete(channel, message)
    return {"channel": channel.id, "ts": args["ts"]}


async def post_ephemeral(state: WorkspaceState, args: Json) -> Json:
    channel = state.joined_channel(args["channel"])
    if args["user"] not in channel.members:
        raise ApiRefusal("user_not_in_channel")
    content = content_of(args, state.record, "chat.postEphemeral")
    message = _by_the_app(state, channel, content.text)
    message.blocks, message.attachments = content.blocks, content.attachments
    message.thread_ts = state.thread(channel, args.get("thread_ts") or "")
    state.posts.post_ephemeral(message, args["user"])
    return {"message_ts": message.ts}


async def get_permalink(state: WorkspaceState, args: Json) -> Json:
    channel = state.channel(args["channel"])
    message = state.message(channel, args["message_ts"])
    link = f"https://{DOMAIN}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


async def schedule_message(state: WorkspaceState, args: Json) -> Json:
    """Accept a message for later; the stand-in posts it when its clock gets there."""
    channel = state.joined_channel(args["channel"], by_name=True)
    content = content_of(args, state.record, "chat.scheduleMessage")
    wait = args["post_at"] - state.clock.now()
    if wait < 0:
        raise ApiRefusal("time_in_past")
    if wait > FURTHEST_SECONDS:
        raise ApiRefusal("time_too_far")
    message = _by_the_app(state, channel, content.text)
    message.blocks, message.thread_ts = (
        content.blocks,
        state.thread(channel, args.get("thread_ts") or ""),
    )
    state.deliveries.later(wait, lambda: _post_now(state, channel, message))
    shown = {"text": message.text, "type": "delayed_message", "user": message.user, "bot_id": BOT}
    return {
        "channel": channel.id,
        "scheduled_message_id": state.world.new_id("Q"),
        "post_at": args["post_at"],
        "message": shown,
    }


def _post_now(state: WorkspaceState, channel: Channel, message: Message) -> None:
    message.ts = state.world.new_ts()
    state.posts.post(channel, message)


def _by_the_app(state: WorkspaceState, channel: Channel, text: str) -> Message:
    message = state.posts.new(channel, state.world.bot.id, text, bot_id=BOT)
    message.app_id = APP
    return message


def _own_message(state: WorkspaceState, channel: Channel, ts: str, otherwise: str) -> Message:
    message = state.message(channel, ts)
    if message.bot_id != BOT:
        raise ApiRefusal(otherwise)
    return message
