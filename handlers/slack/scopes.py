"""What the app may do in Slack: which scope each feature needs, and which were granted.

docs/slack-manifest.yaml asks for exactly these; a test compares the two, and the methods that the
desk calls with the ones named here. Slack names what it granted in a header of each answer.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from slack_sdk.errors import SlackApiError

MISSING = "missing_scope"
GRANTED_HEADER = "x-oauth-scopes"
ASK_AGAIN_SECONDS = 600.0
"""What was refused for want of a scope is not asked again so long, unless another was granted."""


@dataclass(frozen=True, slots=True)
class Need:
    """What one scope is for; `slack_scopes.<scope>` in the wording says what is off without it."""

    methods: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    is_indispensable: bool = False
    """Without it nobody can be served, so the desk does not start."""


READS_A_CHANNEL = ("conversations.history", "conversations.replies")
FINDS_A_CHANNEL = ("conversations.info", "conversations.list")
NEEDED: Mapping[str, Need] = MappingProxyType(
    {
        "channels:history": Need(READS_A_CHANNEL, ("message.channels",)),
        "channels:join": Need(("conversations.join",)),
        "channels:read": Need(
            FINDS_A_CHANNEL,
            (
                "channel_archive",
                "channel_deleted",
                "channel_left",
                "channel_rename",
                "channel_unarchive",
                "member_joined_channel",
                "member_left_channel",
            ),
        ),
        "chat:write": Need(
            ("chat.delete", "chat.postEphemeral", "chat.postMessage", "chat.update"),
            is_indispensable=True,
        ),
        "commands": Need(),
        "files:read": Need(("files.info",)),
        "files:write": Need(
            ("files.completeUploadExternal", "files.delete", "files.getUploadURLExternal")
        ),
        "groups:history": Need(READS_A_CHANNEL, ("message.groups",)),
        "groups:read": Need(
            FINDS_A_CHANNEL,
            (
                "group_archive",
                "group_deleted",
                "group_left",
                "group_rename",
                "group_unarchive",
                "member_joined_channel",
                "member_left_channel",
            ),
        ),
        "im:history": Need(READS_A_CHANNEL),
        "im:write": Need(("conversations.open",)),
        "usergroups:read": Need(
            ("usergroups.list", "usergroups.users.list"),
            ("subteam_created", "subteam_members_changed", "subteam_updated"),
        ),
        "users:read": Need(("bots.info", "users.info"), is_indispensable=True),
    }
)


def lacking(granted: frozenset[str] | None) -> list[str]:
    """What is needed and was not granted; nothing where Slack did not say."""
    return [] if granted is None else sorted(set(NEEDED) - granted)


def indispensable(scopes: list[str]) -> list[str]:
    return [one for one in scopes if NEEDED[one].is_indispensable]


def needed_of(error: BaseException) -> str:
    """Which scope Slack says is needed."""
    response = getattr(error, "response", None)
    data = getattr(response, "data", response)
    return str(data.get("needed") or MISSING) if isinstance(data, dict) else MISSING


def is_off(error: BaseException) -> bool:
    """Whether only a feature is off: the scope that is missing is none that all need."""
    return not any(one in needed_of(error) for one in indispensable(sorted(NEEDED)))


def is_for_all(method: str) -> bool:
    """Whether nobody is served without this method: it is asked again, and its words wait."""
    return any(method in need.methods for need in NEEDED.values() if need.is_indispensable)


def feature_key(scope: str) -> str:
    """The wording's key of what is off without it."""
    return f"slack_scopes.{scope.replace(':', '_')}"


def granted_of(headers: Mapping[str, str]) -> frozenset[str] | None:
    """From the headers of an answer; None: they do not say."""
    said = {name.lower(): value for name, value in headers.items()}.get(GRANTED_HEADER)
    if not said:
        return None
    return frozenset(one.strip() for one in said.split(",") if one.strip())


@dataclass
class GrantedScopes:
    """What Slack granted, as its answers say, and which methods it refused for want of a scope."""

    now: Callable[[], float] = time.monotonic
    granted: frozenset[str] | None = None
    _refused: dict[str, tuple[float, str]] = field(default_factory=dict[str, tuple[float, str]])

    def check(self, method: str) -> None:
        """Raises SlackApiError at once for what was refused a moment ago: it would be again."""
        until, needed = self._refused.get(method, (0.0, ""))
        if until > self.now():
            raise SlackApiError(MISSING, {"ok": False, "error": MISSING, "needed": needed})

    def heard(self, headers: Mapping[str, str]) -> None:
        """An answer came; another grant than before opens what was refused."""
        granted = granted_of(headers)
        if granted is not None and granted != self.granted:
            self.granted = granted
            self._refused.clear()

    def forget(self, method: str) -> None:
        """Ask again: it will be called in another way."""
        self._refused.pop(method, None)

    def refused(self, method: str, needed: str) -> None:
        self._refused[method] = (self.now() + ASK_AGAIN_SECONDS, needed)
