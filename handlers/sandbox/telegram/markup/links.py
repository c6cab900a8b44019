"""Which links the platform takes in markup and buttons, and how it writes them back."""

import re
from typing import Final
from urllib.parse import urlsplit

_USER: Final = re.compile(r"tg://user\?id=(\d{1,16})")
_TIME: Final = re.compile(r"tg://time\?unix=(\d+)(?:&format=([A-Za-z]*))?")
_EMOJI: Final = re.compile(r"tg://emoji\?id=(\d+)")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_HOST: Final = re.compile(r"(?:[^\s./@:]+\.)+[^\s./@:\d][^\s./@:]*|\d{1,3}(?:\.\d{1,3}){3}")
_OWN_SCHEMES: Final = ("tg", "ton", "tonsite")


def mentioned_user(url: str) -> int | None:
    """The user of a `tg://user?id=...` link."""
    found = _USER.fullmatch(url)
    return int(found[1]) if found else None


def moment(url: str) -> tuple[int, str] | None:
    """Seconds since the epoch and the format of a `tg://time?unix=...` link."""
    found = _TIME.fullmatch(url)
    return (int(found[1]), found[2] or "") if found else None


def custom_emoji(url: str) -> str | None:
    found = _EMOJI.fullmatch(url)
    return found[1] if found else None


def checked(url: str) -> str | None:
    """The link as the platform stores it, or None when it is no HTTP or Telegram link."""
    text = url.strip()
    with_scheme = text if _SCHEME.match(text) and "://" in text else f"http://{text}"
    try:
        parts = urlsplit(with_scheme)
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme in _OWN_SCHEMES:
        return with_scheme
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host) or " " in text:
        return None
    return with_scheme if parts.path or parts.query or parts.fragment else with_scheme + "/"
