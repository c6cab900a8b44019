"""Takes what points at a person out of a question before it is kept without its asker.

The only masker of questions: approvers see, and exports hold, what it left.
"""

import re
from collections.abc import Iterable

_ADDRESS = re.compile(r"[^\s@<>\"',;]{1,64}@[^\s@<>\"',;]{1,255}")
_LINK = re.compile(r"(?:https?://|www\.|t\.me/)\S+", re.IGNORECASE)
_HANDLE = re.compile(r"(?<!\w)@\w{3,32}")
_NUMBER = re.compile(r"[+(]?\d(?:[\d\s().\-]{2,}\d)|\d{3,}")
_INTRODUCED = re.compile(
    r"((?:\bmy name(?:'s| is)|\bamar na+m(?: holo)?|আমার নাম(?: হলো| হল)?)\s+)"
    r"([^\s,.;!?।]{1,40}(?:\s+[A-Z][^\s,.;!?।]{0,40})?)",
    re.IGNORECASE,
)
_SHORTEST_NAME = 3
"""Letters: shorter words of a name are too often words of a question as well."""


def mask(text: str, names: Iterable[str] = ()) -> str:
    """E-mail addresses, links, handles, longer numbers and names become marks; Bangla digits too.

    `names` are those the desk knows the asker by; each of their words is masked wherever it stands.
    """
    masked = _ADDRESS.sub("[e-mail]", text)
    masked = _LINK.sub("[link]", masked)
    masked = _HANDLE.sub("[name]", masked)
    masked = _NUMBER.sub("[number]", masked)
    masked = _INTRODUCED.sub(r"\1[name]", masked)
    known = {word for name in names for word in name.split() if len(word) >= _SHORTEST_NAME}
    if not known:
        return masked
    either = "|".join(sorted(map(re.escape, known), key=len, reverse=True))
    return re.sub(rf"(?<!\w)(?:{either})(?!\w)", "[name]", masked, flags=re.IGNORECASE)
