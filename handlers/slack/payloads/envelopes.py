"""Who comes in, for whom an event is, and of which workspace its author is: they may differ.

In a channel that is shared with another workspace, and in an organisation, `team_id` of the
envelope names where something was written; `authorizations` name the installations it is for
(docs.slack.dev, Slack Connect and the Events API).
"""

from dataclasses import dataclass
from typing import Any, Protocol

from handlers.slack.payloads.parsing import inner, text_of, user_of

Json = dict[str, Any]
ENTRIES = {
    "block_actions": "button",
    "view_submission": "modal",
    "view_closed": "modal",
    "block_suggestion": "options",
    "shortcut": "shortcut",
    "message_action": "shortcut",
}


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who comes in, by which entry, for what."""

    user: str
    teams: tuple[str, ...]
    """Every workspace that the payload names for them; all must be ours."""
    entry: str
    action: str


class Home(Protocol):
    """The workspace the desk lives in."""

    team: str
    enterprise: str
    bot_user: str


def is_for_us(body: Json, home: Home) -> bool:
    """Whether an event is for this desk's installation; learns the organisation it joined.

    What was written elsewhere must name its author's workspace: without one it is nobody's.
    """
    found = body.get("authorizations")
    if isinstance(found, list) and found:
        ours = [one for one in found if isinstance(one, dict) and _names(one, home)]
        if ours and not home.enterprise:
            home.enterprise = text_of(ours[0].get("enterprise_id"))
        return bool(ours) and (_is_here(body, home) or bool(author_teams(inner(body, "event"))))
    if home.team in (body.get("context_team_id"), body.get("team_id")):
        return True
    team = body.get("context_team_id") or body.get("team_id")
    enterprise = body.get("context_enterprise_id") or body.get("enterprise_id")
    return not team and bool(home.enterprise) and enterprise == home.enterprise


def author_teams(event: Json) -> tuple[str, ...]:
    """Every workspace that an event names for its author; all must be ours."""
    message = inner(event, "message") or inner(event, "previous_message") or event
    named = [text_of(message.get(name)) for name in ("user_team", "source_team")]
    found = [team for team in named if team]
    return tuple(found or filter(None, [text_of(message.get("team"))]))


def visitor_of(body: Json) -> Visitor:
    event = inner(body, "event")
    if event:
        named = author_teams(event)
        entry, action = _event_entry(event), text_of(event.get("type"))
    else:
        named = (
            inner(body, "team").get("id") or body.get("team_id"),
            inner(body, "user").get("team_id"),
        )
        entry = (
            "command" if "command" in body else ENTRIES.get(text_of(body.get("type")), "unknown")
        )
        action = _action(body)
    return Visitor(user_of(body), tuple(map(text_of, named)), entry, action)


def _event_entry(event: Json) -> str:
    if event.get("type") == "app_home_opened":
        return "home"
    return "edit" if event.get("subtype") == "message_changed" else "event"


def _action(body: Json) -> str:
    actions = body.get("actions")
    first = actions[0] if isinstance(actions, list) and actions else {}
    named = (
        body.get("command"),
        first.get("action_id") if isinstance(first, dict) else "",
        inner(body, "view").get("callback_id"),
        body.get("callback_id"),
        body.get("action_id"),
    )
    return next((text_of(each) for each in named if each), "")


def _is_here(body: Json, home: Home) -> bool:
    is_in_team = body.get("team_id") in (None, "", home.team)
    return is_in_team and body.get("enterprise_id") in (None, "", home.enterprise)


def _names(authorization: Json, home: Home) -> bool:
    if authorization.get("team_id") == home.team:
        return True
    is_whole = authorization.get("is_enterprise_install") or not authorization.get("team_id")
    user = authorization.get("user_id")
    if not home.enterprise:  # the organisation that it joined is new: our own bot tells it
        return bool(is_whole) and bool(user) and user == home.bot_user
    is_same = authorization.get("enterprise_id") == home.enterprise
    return bool(is_whole) and is_same and user in (None, home.bot_user)
