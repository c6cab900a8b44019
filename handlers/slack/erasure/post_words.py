"""All that a post says: its text, blocks, attachments, metadata, and the names of its files."""

import html
from collections.abc import Callable, Iterator
from typing import Any

Json = dict[str, Any]
SAYS_NOTHING = frozenset(
    {
        "app_id",
        "bot_id",
        "bot_profile",
        "client_msg_id",
        "edited",
        "latest_reply",
        "parent_user_id",
        "reactions",
        "reply_users",
        "subtype",
        "team",
        "thread_ts",
        "ts",
        "type",
        "user",
    }
)
"""What the platform itself puts beside a post; a time could pass for a number of somebody."""
OF_A_FILE = ("name", "title", "preview", "plain_text", "initial_comment")
"""What a file says of itself; its addresses only repeat its name."""


def words_of(post: Json) -> bytes:
    """Everything in it that a person could read, a line each."""
    return "\n".join(_said(post)).encode("utf-8", "surrogatepass")


def files_of(post: Json) -> list[Json]:
    """Its files that are still there."""
    files = [one for one in post.get("files") or () if isinstance(one, dict)]
    return [one for one in files if one.get("mode") != "tombstone" and one.get("id")]


def _said(post: Json) -> Iterator[str]:
    for name, value in post.items():
        if name == "files":
            for file in files_of(post):
                yield from (str(file[part]) for part in OF_A_FILE if file.get(part))
        elif name not in SAYS_NOTHING:
            yield from _texts(value)


def _texts(value: object) -> Iterator[str]:
    """Every text in it, however deep."""
    pending: list[object] = [value]
    while pending:
        one = pending.pop()
        if isinstance(one, str):
            yield one
            if "&" in one:
                yield html.unescape(one)
        elif isinstance(one, dict):
            pending += reversed(list(one.values()))
        elif isinstance(one, list):
            pending += reversed(one)


def rewritten(value: Any, change: Callable[[str], str]) -> Any:  # noqa: ANN401  # JSON as it came
    """The same, with every text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: rewritten(one, change) for name, one in value.items()}
    if isinstance(value, list):
        return [rewritten(one, change) for one in value]
    return value
