"""The number of the request that is carried out: its subject knows it, and it is no finding."""

import re

from bot.application.ports.sources import Match
from bot.domain.fulfilment.identifiers import IdentifierKind


def is_number(said: bytes, found: Match, number: int) -> bool:
    """Whether that is how the number of this request is written."""
    if found.kind != IdentifierKind.DOCUMENT or not found.is_plain:
        return False
    signs = re.sub(rb"[^A-Za-z0-9]", b"", said)
    return signs[:1] in b"Rr" and signs[1:].isdigit() and int(signs[1:]) == number
