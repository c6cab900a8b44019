"""The JSON of users, channels, groups, messages and files as the Web API shows them."""

from typing import Any
from urllib.parse import quote

from handlers.sandbox.slack.workspace import (
    APP,
    BOT,
    DOMAIN,
    TEAM,
    Channel,
    File,
    Group,
    Message,
    User,
    Workspace,
)

Json = dict[str, Any]
UNTOLD: Json = {
    "mode": "file_access",
    "file_access": "check_file_info",
    "created": 0,
    "timestamp": 0,
    "user": "",
}
"""All that an event says of a file in a shared channel, besides its id."""


def user_shape(user: User) -> Json:
    shown: Json = {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.name,
        "deleted": user.deleted,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": 1_700_000_000,
        "profile": _profile(user),
    }
    if user.deleted:
        return shown
    return shown | {
        "color": "9f69e7",
        "real_name": user.real_name or user.name,
        "tz": "Asia/Dhaka",
        "tz_label": "Bangladesh Standard Time",
        "tz_offset": 21600,
        "is_admin": user.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": user.is_restricted,
        "is_ultra_restricted": user.is_ultra_restricted,
        "is_email_confirmed": True,
        "who_can_share_contact_card": "EVERYONE",
        **({"is_stranger": True} if user.is_stranger else {}),
    }


def _profile(user: User) -> Json:
    name = user.real_name or user.name
    profile: Json = {
        "title": "",
        "real_name": name,
        "real_name_normalized": name,
        "display_name": user.display_name or user.name,
        "display_name_normalized": user.display_name or user.name,
        "status_text": "",
        "status_emoji": "",
        "avatar_hash": f"g{user.id.lower()}",
        "team": user.team_id,
    }
    if user.email:
        profile["email"] = user.email
    if user.is_bot:
        profile |= {"api_app_id": APP, "bot_id": user.bot_id, "always_active": True}
    return profile


def channel_shape(channel: Channel, world: Workspace, *, count: bool = False) -> Json:
    shown: Json = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.is_archived,
        "is_im": channel.is_im,
        "is_org_shared": False,
        "context_team_id": TEAM,
        "updated": channel.created * 1000,
    }
    if channel.is_im:
        other = next(user for user in channel.members if user != world.bot.id)
        return shown | {"user": other, "is_user_deleted": world.users[other].deleted, "priority": 0}
    shown |= _named_channel(channel, world)
    return shown | ({"num_members": len(channel.members)} if count else {})


def _named_channel(channel: Channel, world: Workspace) -> Json:
    return {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "public_channel",
        "is_group": channel.kind == "private_channel",
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.is_private,
        "is_general": False,
        "is_member": world.bot.id in channel.members,
        "is_shared": channel.is_ext_shared,
        "is_ext_shared": channel.is_ext_shared,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "parent_conversation": None,
        "creator": "U0OWNER",
        "unlinked": 0,
        "shared_team_ids": [TEAM],
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "previous_names": [],
    }


def group_shape(group: Group, *, users: bool = False) -> Json:
    return {
        "id": group.id,
        "team_id": TEAM,
        "is_usergroup": True,
        "is_subteam": True,
        "name": group.handle.capitalize(),
        "description": "",
        "handle": group.handle,
        "is_external": False,
        "date_create": 1_700_000_000,
        "date_update": group.updated or 1_700_000_000,
        "date_delete": 1_700_000_001 if group.deleted else 0,
        "auto_type": None,
        "auto_provision": False,
        "created_by": "U0OWNER",
        "updated_by": "U0OWNER",
        "deleted_by": None,
        "prefs": {"channels": [], "groups": []},
        "user_count": len(group.users),
        **({"users": list(group.users)} if users else {}),
    }


def bot_profile(user: User) -> Json:
    return {
        "id": user.bot_id,
        "app_id": APP if user.bot_id == BOT else "A0OTHER",
        "user_id": user.id,
        "name": user.real_name or user.name,
        "icons": {},
        "deleted": False,
        "updated": 1_700_000_000,
        "team_id": TEAM,
    }


class Shapes:
    """Shapes that need the whole workspace and the server's own address."""

    def __init__(self, world: Workspace) -> None:
        self.world = world
        self.root = ""

    def message(self, message: Message, *, metadata: bool = False) -> Json:
        """Give a message as history, events and answers show it."""
        shown: Json = {"type": "message"}
        if message.subtype:
            shown["subtype"] = message.subtype
        if message.user:
            shown["user"] = message.user
        shown |= {"text": message.text, "ts": message.ts}
        shown |= self._author(message) | self._parts(message)
        if message.thread_ts:
            shown |= self._thread(message)
        if metadata and message.metadata is not None:
            shown["metadata"] = message.metadata
        return shown

    def _author(self, message: Message) -> Json:
        shown: Json = {"team": TEAM}
        user = self.world.users.get(message.user)
        if message.client_msg_id:
            shown["client_msg_id"] = message.client_msg_id
        if message.bot_id:
            shown["bot_id"] = message.bot_id
            if message.app_id:
                shown["app_id"] = message.app_id
            if user is not None:
                shown["bot_profile"] = bot_profile(user)
        if message.username:
            shown["username"] = message.username
        return shown

    def _parts(self, message: Message) -> Json:
        shown: Json = {}
        if message.blocks:
            shown["blocks"] = message.blocks
        if message.attachments:
            shown["attachments"] = message.attachments
        if message.files:
            shown["files"] = [self.file(self.world.files[file]) for file in message.files]
            shown |= {"upload": False, "display_as_bot": False}
        if message.edited:
            shown["edited"] = message.edited
        if message.reactions:
            shown["reactions"] = [
                {"name": name, "users": users, "count": len(users)}
                for name, users in message.reactions.items()
            ]
        return shown

    def _thread(self, message: Message) -> Json:
        channel = self.world.channels[message.channel]
        shown: Json = {"thread_ts": message.thread_ts}
        if message.is_reply:
            parent = channel.messages.get(message.thread_ts)
            return shown | ({"parent_user_id": parent.user} if parent and parent.user else {})
        replies = channel.thread(message.ts)
        people = list(dict.fromkeys(reply.user for reply in replies if reply.user))
        return shown | {
            "reply_count": len(replies),
            "reply_users_count": len(people),
            "latest_reply": replies[-1].ts if replies else message.ts,
            "reply_users": people[:5],
            "is_locked": False,
            "subscribed": True,
        }

    def file(self, file: File, *, is_whole: bool = False) -> Json:
        """Give a file; one whose facts events do not tell is whole in files.info only."""
        if file.deleted:
            return {"id": file.id, "mode": "tombstone"}
        if file.is_untold and not is_whole:
            return {"id": file.id, **UNTOLD}
        name = quote(file.name)
        address = f"{self.root}/files-pri/{TEAM}-{file.id}"
        kind = file.name.rsplit(".", 1)[-1].lower() if "." in file.name else "binary"
        return {
            "id": file.id,
            "created": file.created,
            "timestamp": file.created,
            "name": file.name,
            "title": file.title or file.name,
            "mimetype": file.mimetype,
            "filetype": kind,
            "pretty_type": kind.upper(),
            "user": file.user,
            "user_team": TEAM,
            "editable": False,
            "size": file.size,
            "mode": "hosted",
            "is_external": False,
            "external_type": "",
            "is_public": True,
            "public_url_shared": False,
            "display_as_bot": False,
            "username": "",
            "url_private": f"{address}/{name}",
            "url_private_download": f"{address}/download/{name}",
            "media_display_type": "unknown",
            "permalink": f"https://{DOMAIN}.slack.com/files/{file.user}/{file.id}/{name}",
            "permalink_public": f"https://slack-files.com/{TEAM}-{file.id}-sandbox",
            "is_starred": False,
            "has_rich_preview": False,
            "file_access": "visible",
        }
