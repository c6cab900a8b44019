"""Cursor pagination as the Web API does it."""

import base64
from collections.abc import Sequence
from typing import Any, TypeVar

from handlers.sandbox.slack.refusals import ApiRefusal

T = TypeVar("T")
MAX_PAGE_ITEMS = 1000
USUAL = 100


def page_of(items: Sequence[T], args: dict[str, Any], usual: int = USUAL) -> tuple[list[T], str]:
    """Give one page and the cursor of the next, empty at the end."""
    limit = args.get("limit") or usual
    if not 0 < limit <= MAX_PAGE_ITEMS:
        raise ApiRefusal("invalid_limit")
    start = _decoded(args.get("cursor") or "")
    end = start + limit
    return list(items[start:end]), _encoded(end) if end < len(items) else ""


def cursor_of(following: str) -> dict[str, Any]:
    return {"response_metadata": {"next_cursor": following}}


def _encoded(offset: int) -> str:
    return base64.b64encode(f"next:{offset}".encode()).decode()


def _decoded(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
    except ValueError as unreadable:
        raise ApiRefusal("invalid_cursor") from unreadable
