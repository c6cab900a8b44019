"""auth.*, bots.*, team.*, users.*, usergroups.*, apps.*: who is who."""

from typing import Any

from handlers.sandbox.slack.api.pagination import MAX_PAGE_ITEMS, cursor_of, page_of
from handlers.sandbox.slack.refusals import ApiRefusal
from handlers.sandbox.slack.shapes import bot_profile, group_shape, user_shape
from handlers.sandbox.slack.state.workspace_state import WorkspaceState
from handlers.sandbox.slack.workspace import APP, BOT, DOMAIN, TEAM

Json = dict[str, Any]


async def auth_test(state: WorkspaceState, _args: Json) -> Json:
    return {
        "url": f"https://{DOMAIN}.slack.com/",
        "team": "Sandbox",
        "user": state.world.bot.name,
        "team_id": TEAM,
        "user_id": state.world.bot.id,
        "bot_id": BOT,
        "is_enterprise_install": False,
    }


async def bot(state: WorkspaceState, args: Json) -> Json:
    wanted = args.get("bot") or BOT
    found = next((u for u in state.world.users.values() if u.bot_id and u.bot_id == wanted), None)
    if found is None:
        raise ApiRefusal("bot_not_found")
    shown = bot_profile(found)
    del shown["team_id"]
    return {"bot": shown}


async def team(_state: WorkspaceState, _args: Json) -> Json:
    shown: Json = {
        "id": TEAM,
        "name": "Sandbox",
        "url": f"https://{DOMAIN}.slack.com/",
        "domain": DOMAIN,
        "email_domain": "",
        "icon": {"image_default": True},
        "avatar_base_url": "https://ca.slack-edge.com/",
        "is_verified": False,
    }
    return {"team": shown}


async def user(state: WorkspaceState, args: Json) -> Json:
    found = state.world.users.get(args["user"])
    if found is None:
        raise ApiRefusal("user_not_found")
    return {"user": user_shape(found)}


async def users(state: WorkspaceState, args: Json) -> Json:
    """List the members; as in Slack, people of other teams are not among them."""
    ours = [u for u in state.world.users.values() if not u.is_stranger]
    page, following = page_of(ours, args, MAX_PAGE_ITEMS)
    shown = [user_shape(u) for u in page]
    return {"members": shown, "cache_ts": state.world.seconds(), **cursor_of(following)}


async def user_by_email(state: WorkspaceState, args: Json) -> Json:
    wanted = args["email"].lower()
    for found in state.world.users.values():
        if wanted and found.email.lower() == wanted and not found.deleted:
            return {"user": user_shape(found)}
    raise ApiRefusal("users_not_found")


async def groups(state: WorkspaceState, args: Json) -> Json:
    seen = [g for g in state.world.groups.values() if args.get("include_disabled") or not g.deleted]
    shown = [group_shape(g, users=bool(args.get("include_users"))) for g in seen]
    return {"usergroups": shown}


async def group_users(state: WorkspaceState, args: Json) -> Json:
    group = state.world.groups.get(args["usergroup"])
    if group is None or (group.deleted and not args.get("include_disabled")):
        raise ApiRefusal("no_such_subteam")
    return {"users": list(group.users)}


async def open_connection(state: WorkspaceState, _args: Json) -> Json:
    """Give the address of a WebSocket, good for one connection."""
    root = state.shapes.root.replace("http://", "ws://")
    return {"url": f"{root}/link/?ticket={state.sockets.ticket()}&app_id={APP}"}
