"""The number of the request that is carried out: its subject knows it, and it is no finding.

It stands on the certificate, so it is neither told nor masked, however it is written.
"""

import re

from bot.application.ports.sources import Match, Spared
from bot.domain.fulfilment.identifiers import IdentifierKind


def is_number(said: bytes, found: Match, number: int) -> bool:
    """Whether that is how the number of this request is written."""
    if found.kind != IdentifierKind.DOCUMENT or not found.is_plain:
        return False
    signs = re.sub(rb"[^A-Za-z0-9]", b"", said)
    return signs[:1] in b"Rr" and signs[1:].isdigit() and int(signs[1:]) == number


def serial_in(number: str) -> int:
    """Of `R-000045` 45; 0: there is no such request any more."""
    return int(number.rpartition("-")[2] or 0)


def spares_number(number: int) -> Spared:
    """What is masked beside the number leaves it as it stands."""

    def is_spared(said: bytes, found: Match) -> bool:
        return is_number(said, found, number)

    return is_spared
