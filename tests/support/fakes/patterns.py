"""A double of the search for a subject: words as they are, in any case."""

import re
from collections.abc import Iterator, Mapping

from bot.application.ports.sources import Match, Spared
from bot.domain.fulfilment.identifiers import WEAK, IdentifierKind


class FakePatterns:
    """`words`: what names the subject, and of which kind it is."""

    def __init__(self, words: Mapping[str, IdentifierKind]) -> None:
        self._words = {word.lower().encode(): kind for word, kind in words.items()}
        self._any = re.compile(b"|".join(map(re.escape, self._words)), re.IGNORECASE)

    def find(self, data: bytes) -> Iterator[Match]:
        for found in self._any.finditer(data):
            kind = self._words[found[0].lower()]
            yield Match(kind.value, kind not in WEAK, found.start(), found.end())

    def masked(self, data: bytes, spared: Spared | None = None) -> tuple[bytes, int]:
        strong = [
            one
            for one in self.find(data)
            if one.is_strong and not (spared and spared(data[one.start : one.end], one))
        ]
        for one in reversed(strong):
            data = data[: one.start] + b"*" * (one.end - one.start) + data[one.end :]
        return data, len(strong)
