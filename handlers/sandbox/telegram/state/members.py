"""Membership in the Bot API's form, and the update that says that the bot's own changed."""

from typing import Any, Final

from handlers.sandbox.telegram.state.chats import Chat, Kind, Standing
from handlers.sandbox.telegram.state.world import World

Json = dict[str, Any]

_ADMIN_RIGHTS: Final = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
_CHANNEL_RIGHTS: Final = ("can_post_messages", "can_edit_messages")


def as_member(user: Json) -> Json:
    return {"status": "member", "user": user}


def bot_membership(world: World, chat: Chat) -> Json:
    """The bot's own ChatMember; a person who blocks it has "kicked" it."""
    match chat.standing:
        case Standing.BLOCKED:
            return {"status": "kicked", "user": world.bot, "until_date": 0}
        case Standing.GONE | Standing.UNKNOWN:
            return {"status": "left", "user": world.bot}
        case Standing.OPEN if chat.is_bot_admin:
            return _administrator(world, chat)
        case Standing.OPEN:
            return as_member(world.bot)


def _administrator(world: World, chat: Chat) -> Json:
    rights = dict.fromkeys(_ADMIN_RIGHTS, False) | {
        "can_manage_chat": True,
        "can_delete_messages": True,
    }
    if chat.kind is Kind.CHANNEL:
        rights |= dict.fromkeys(_CHANNEL_RIGHTS, True)
    return {"status": "administrator", "user": world.bot, **rights}


def standing_changed(world: World, chat: Chat, by: Json, before: Json) -> None:
    """Tells the bot that it was blocked, unblocked, added or removed."""
    world.updates.put(
        "my_chat_member",
        {
            "chat": chat.face,
            "from": by,
            "date": world.now,
            "old_chat_member": before,
            "new_chat_member": bot_membership(world, chat),
        },
        chat.id,
    )
