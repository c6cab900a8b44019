"""The methods that look something up, and those that end something."""

from typing import Any, Final

from handlers.sandbox.telegram.methods.method_call import Ask, Method
from handlers.sandbox.telegram.refusals import (
    FILE_ID_INVALID,
    FILE_TOO_BIG,
    LEAVE_PRIVATE,
    bad_request,
    mistake,
)
from handlers.sandbox.telegram.state.changes import Seen
from handlers.sandbox.telegram.state.chats import Chat, Kind, Standing
from handlers.sandbox.telegram.state.files import DOWNLOAD_LIMIT
from handlers.sandbox.telegram.state.members import as_member, bot_membership, standing_changed

Json = dict[str, Any]

_USER_NOT_FOUND: Final = "user not found"


def get_me(ask: Ask) -> Json:
    return {
        **ask.world.bot,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "can_manage_bots": False,
        "supports_guest_queries": False,
        "supports_join_request_queries": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
    }


def get_file(ask: Ask) -> Json:
    """A link to the file, good for an hour; a bot may fetch up to 20 MB."""
    stored = ask.world.files.get(ask.given["file_id"])
    if stored is None:
        raise mistake(FILE_ID_INVALID)
    if stored.size > DOWNLOAD_LIMIT:
        raise bad_request(FILE_TOO_BIG)
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "file_size": stored.size,
        "file_path": ask.world.files.lend(stored),
    }


def get_chat(ask: Ask) -> Json:
    chat = ask.world.found_chat(ask.given["chat_id"])
    no_gifts = dict.fromkeys(
        (
            "unlimited_gifts",
            "limited_gifts",
            "unique_gifts",
            "premium_subscription",
            "gifts_from_channels",
        ),
        False,
    )
    return {
        **chat.face,
        "accent_color_id": chat.id % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": no_gifts,
        **({"permissions": {"can_send_messages": True}} if chat.id < 0 else {}),
    }


def leave_chat(ask: Ask) -> bool:
    chat = ask.world.writable_chat(ask.given["chat_id"])
    if chat.is_private:
        raise mistake(LEAVE_PRIVATE)
    before = bot_membership(ask.world, chat)
    chat.standing = Standing.GONE
    standing_changed(ask.world, chat, ask.world.bot, before)
    ask.world.tell(Seen.STANDING, chat, None, {"standing": chat.standing})
    return True


def get_chat_member(ask: Ask) -> Json:
    chat = ask.world.found_chat(ask.given["chat_id"])
    user_id = ask.given["user_id"]
    if user_id == ask.world.bot["id"]:
        return bot_membership(ask.world, chat)
    if user_id not in chat.members:
        raise bad_request(_USER_NOT_FOUND)
    return as_member(chat.members[user_id])


def get_chat_member_count(ask: Ask) -> int:
    chat = ask.world.found_chat(ask.given["chat_id"])
    return _count(chat)


def _count(chat: Chat) -> int:
    return len(chat.members) + (chat.standing is not Standing.GONE)


def get_chat_administrators(ask: Ask) -> list[Json]:
    chat = ask.world.found_chat(ask.given["chat_id"])
    if chat.kind is Kind.PRIVATE:
        words = "there are no administrators in the private chat"
        raise mistake(words)
    owner = next(iter(chat.members.values()), None)
    return [{"status": "creator", "user": owner, "is_anonymous": False}] if owner else []


def pin(ask: Ask) -> bool:
    ask.world.writable_chat(ask.given["chat_id"])
    return True


METHODS: Final[dict[str, Method]] = {
    "getMe": get_me,
    "getFile": get_file,
    "getChat": get_chat,
    "leaveChat": leave_chat,
    "getChatMember": get_chat_member,
    "getChatMemberCount": get_chat_member_count,
    "getChatAdministrators": get_chat_administrators,
    "pinChatMessage": pin,
    "unpinChatMessage": pin,
}
