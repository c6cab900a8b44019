"""Takes what points at a person out of a question before it is kept without its asker."""

import re

_ADDRESS = re.compile(r"[^\s@<>\"',;]{1,64}@[^\s@<>\"',;]{1,255}")
_LINK = re.compile(r"(?:https?://|www\.|t\.me/)\S+", re.IGNORECASE)
_HANDLE = re.compile(r"(?<!\w)@\w{3,32}")
_NUMBER = re.compile(r"[+(]?\d(?:[\d\s().\-]{2,}\d)|\d{3,}")


def mask(text: str) -> str:
    """E-mail addresses, links, handles and longer numbers become marks; Bangla digits too."""
    masked = _ADDRESS.sub("[e-mail]", text)
    masked = _LINK.sub("[link]", masked)
    masked = _HANDLE.sub("[name]", masked)
    return _NUMBER.sub("[number]", masked)
