"""Which scope a call needs, as the reference names it; what lacks it is refused with missing_scope.

A channel's kind decides for what is done in it; a list needs the scope of each kind it asks for.
"""

from typing import Any

from handlers.sandbox.slack.refusals import ApiRefusal
from handlers.sandbox.slack.workspace import Workspace

Json = dict[str, Any]
OF_KIND = {
    "public_channel": "channels",
    "private_channel": "groups",
    "im": "im",
    "mpim": "mpim",
}
BY_METHOD = {
    "bots.info": "users:read",
    "chat.delete": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.postMessage": "chat:write",
    "chat.scheduleMessage": "chat:write",
    "chat.update": "chat:write",
    "conversations.join": "channels:join",
    "conversations.open": "im:write",
    "files.completeUploadExternal": "files:write",
    "files.delete": "files:write",
    "files.getUploadURLExternal": "files:write",
    "files.info": "files:read",
    "reactions.add": "reactions:write",
    "reactions.get": "reactions:read",
    "reactions.remove": "reactions:write",
    "team.info": "team:read",
    "usergroups.list": "usergroups:read",
    "usergroups.users.list": "usergroups:read",
    "users.info": "users:read",
    "users.list": "users:read",
    "users.lookupByEmail": "users:read.email",
}
BY_KIND = {
    "conversations.history": "history",
    "conversations.info": "read",
    "conversations.members": "read",
    "conversations.replies": "history",
}
LIST = "conversations.list"
ACCEPTED, GRANTED = "x-accepted-oauth-scopes", "x-oauth-scopes"


def needed(method: str, args: Json, world: Workspace) -> list[str]:
    """All the scopes that this call needs; none: any token of the app will do."""
    if method in BY_METHOD:
        return [BY_METHOD[method]]
    if method in BY_KIND:
        channel = world.channels.get(str(args.get("channel", "")))
        kind = "public_channel" if channel is None else channel.kind
        return [f"{OF_KIND[kind]}:{BY_KIND[method]}"]
    if method == LIST:
        kinds = str(args.get("types") or "public_channel").replace(" ", "").split(",")
        return [f"{OF_KIND[kind]}:read" for kind in kinds if kind in OF_KIND]
    return []


def check(method: str, args: Json, world: Workspace) -> None:
    """Raises ApiRefusal where a scope was not granted."""
    if world.granted is None:
        return
    missing = [scope for scope in needed(method, args, world) if scope not in world.granted]
    if missing:
        provided = ",".join(sorted(world.granted))
        raise ApiRefusal("missing_scope", needed=",".join(missing), provided=provided)


def headers(method: str, args: Json, world: Workspace) -> dict[str, str]:
    """What each answer says of scopes; nothing while all are granted without being named."""
    if world.granted is None:
        return {}
    return {
        GRANTED: ",".join(sorted(world.granted)),
        ACCEPTED: ",".join(needed(method, args, world)),
    }
