"""Overwriting what is surely the subject's in other people's words, and nothing beside it.

As many signs stand there afterwards as before: markup of a message counts them. JSON stays JSON.
"""

import json
import re
from collections.abc import Callable, Iterable

from bot.application.ports.sources import Match

SIGN = b"*"
MOST_ROUNDS = 8
TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*', re.DOTALL)
Find = Callable[[bytes], Iterable[Match]]


def masked(data: bytes, find: Find) -> tuple[bytes, int]:
    """The data without the spans of strong identifiers, and how many these were."""
    if _is_json(data):
        return _masked_json(data, find)
    return _masked_plain(data, find)


def _is_json(data: bytes) -> bool:
    if data.lstrip()[:1] not in (b"{", b"["):
        return False
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True


def _masked_plain(data: bytes, find: Find) -> tuple[bytes, int]:
    """Again until nothing is left: what stood beside a span may be whole without it."""
    count = 0
    for _ in range(MOST_ROUNDS):
        spans = _spans(find(data))
        if not spans:
            break
        count += len(spans)
        for start, end in reversed(spans):
            data = data[:start] + SIGN * _signs(data[start:end]) + data[end:]
    return data, count


def _spans(found: Iterable[Match]) -> list[tuple[int, int]]:
    """Those to overwrite; ones that overlap are one."""
    spans: list[tuple[int, int]] = []
    for one in sorted((one.start, one.end) for one in found if one.is_strong and one.is_plain):
        if spans and one[0] < spans[-1][1]:
            spans[-1] = spans[-1][0], max(one[1], spans[-1][1])
        else:
            spans.append(one)
    return spans


def _signs(data: bytes) -> int:
    return len(data.decode("utf-8", "replace"))


def _masked_json(data: bytes, find: Find) -> tuple[bytes, int]:
    count = 0

    def one(found: re.Match[bytes]) -> bytes:
        nonlocal count
        token = found[0]
        text = json.loads(token) if token[:1] == b'"' else None
        said = token if text is None else text.encode("utf-8", "surrogatepass")
        clean, spans = masked(said, find)
        if not spans:
            return token
        count += spans
        if text is None:
            return b"0"
        kept = clean.decode("utf-8", "surrogatepass")
        return json.dumps(kept, ensure_ascii=token.isascii()).encode("utf-8", "surrogatepass")

    return TOKEN.sub(one, data), count
