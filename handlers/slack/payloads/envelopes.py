"""For whom an event is, and of which workspace its author is: the two may differ.

In a channel that is shared with another workspace, and in an organisation, `team_id` of the
envelope names where something was written; `authorizations` name the installations it is for
(docs.slack.dev, Slack Connect and the Events API).
"""

from typing import Any, Protocol

from handlers.slack.payloads.parsing import inner, text_of

Json = dict[str, Any]


class Home(Protocol):
    """The workspace the desk lives in."""

    team: str
    enterprise: str
    bot_user: str


def is_for_us(body: Json, home: Home) -> bool:
    """Whether an event is for this desk's installation; learns the organisation it joined."""
    found = body.get("authorizations")
    if isinstance(found, list) and found:
        ours = [one for one in found if isinstance(one, dict) and _names(one, home)]
        if ours and not home.enterprise:
            home.enterprise = text_of(ours[0].get("enterprise_id"))
        return bool(ours)
    if home.team in (body.get("context_team_id"), body.get("team_id")):
        return True
    team = body.get("context_team_id") or body.get("team_id")
    enterprise = body.get("context_enterprise_id") or body.get("enterprise_id")
    return not team and bool(home.enterprise) and enterprise == home.enterprise


def author_teams(event: Json) -> tuple[str, ...]:
    """Every workspace that an event names for its author; all must be ours."""
    message = inner(event, "message") or event
    named = [text_of(message.get(name)) for name in ("user_team", "source_team")]
    found = [team for team in named if team]
    return tuple(found or filter(None, [text_of(message.get("team"))]))


def _names(authorization: Json, home: Home) -> bool:
    if authorization.get("team_id") == home.team:
        return True
    is_whole = authorization.get("is_enterprise_install") or not authorization.get("team_id")
    is_same = bool(home.enterprise) and authorization.get("enterprise_id") == home.enterprise
    return bool(is_whole) and is_same and authorization.get("user_id") in (None, home.bot_user)
