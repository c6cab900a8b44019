"""All that a post says: its text, blocks, attachments, metadata, and the names of its files."""

import html
import re
from collections.abc import Callable, Iterator, Sequence
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
SAID_TWICE = ("text", "fallback")
LINKED = re.compile(r"<(?:mailto|tel):([^|>]+)\|\1>")
READ_APART = ("text", "blocks", "attachments")
OF_A_FILE = ("name", "title", "preview", "plain_text", "initial_comment")
"""What a file says of itself; its addresses only repeat its name."""


def readings_of(post: Json) -> Iterator[tuple[bytes, ...]]:
    """Everything in it that a person could read, a line each, part by part.

    The readings of one part say the same words: a post's text repeats its blocks, an attachment's
    text and fallback repeat the attachment, and signs that Slack escapes are read both ways.
    """
    yield _readings([post.get("text")], [post.get("blocks")])
    for one in post.get("attachments") or ():
        if isinstance(one, dict):
            said = [[one.get(name)] for name in SAID_TWICE]
            rest = [value for name, value in one.items() if name not in SAID_TWICE]
            yield _readings(*said, rest)
    yield _readings(list(_beside(post)))


def files_of(post: Json) -> list[Json]:
    """Its files that are still there."""
    files = [one for one in post.get("files") or () if isinstance(one, dict)]
    return [one for one in files if one.get("mode") != "tombstone" and one.get("id")]


def _readings(*same: Sequence[object]) -> tuple[bytes, ...]:
    read = list[str]()
    for value in same:
        said = "\n".join(_texts(value))
        read.append(said)
        if "&" in said:
            read.append(html.unescape(said))
    return tuple(one.encode("utf-8", "surrogatepass") for one in read)


def _beside(post: Json) -> Iterator[object]:
    for name, value in post.items():
        if name == "files":
            for file in files_of(post):
                yield from (str(file[part]) for part in OF_A_FILE if file.get(part))
        elif name not in SAYS_NOTHING and name not in READ_APART:
            yield value


def _texts(value: object) -> Iterator[str]:
    """Every text in it, however deep."""
    pending: list[object] = [value]
    while pending:
        one = pending.pop()
        if isinstance(one, str):
            yield LINKED.sub(r"<\1>", one)
        elif isinstance(one, dict):
            pending += reversed(_values(one))
        elif isinstance(one, list):
            pending += reversed(one)


def _values(one: Json) -> list[object]:
    """An address that is a link to itself is one word."""
    itself = {f"{scheme}:{one.get('text')}" for scheme in ("mailto", "tel")}
    return [value for name, value in one.items() if name != "url" or value not in itself]


def rewritten(value: Any, change: Callable[[str], str]) -> Any:  # noqa: ANN401  # JSON as it came
    """The same, with every text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: rewritten(one, change) for name, one in value.items()}
    if isinstance(value, list):
        return [rewritten(one, change) for one in value]
    return value
