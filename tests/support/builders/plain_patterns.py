"""A subject's identifiers as plain words: what a look needs of patterns."""

import re
from collections.abc import Iterator

from bot.application.ports.sources import Match, Spared
from bot.domain.fulfilment.identifiers import IdentifierKind, Identifiers


class PlainPatterns:
    """Whole words, in any case but for the company's own numbers; and each of them in UTF-16."""

    def __init__(self, who: Identifiers) -> None:
        self._who = who

    def find(self, data: bytes) -> Iterator[Match]:
        for one in self._who.values:
            word = re.escape(one.value.encode())
            how = re.IGNORECASE if one.kind is not IdentifierKind.EXTERNAL_ID else re.NOFLAG
            for found in re.finditer(rb"(?<!\w)" + word + rb"(?!\w)", data, how):
                yield Match(one.kind.value, one.is_strong, found.start(), found.end())
            wide = re.escape(one.value.encode("utf-16-le"))
            for found in re.finditer(wide, data):
                start, end = found.span()
                yield Match(one.kind.value, one.is_strong, start, end, is_plain=False)

    def masked(self, data: bytes, spared: Spared | None = None) -> tuple[bytes, int]:
        spans = [one for one in self.find(data) if one.is_strong and one.is_plain]
        if spared is not None:
            spans = [one for one in spans if not spared(data[one.start : one.end], one)]
        whole = bytearray(data)
        for one in spans:
            whole[one.start : one.end] = b"*" * (one.end - one.start)
        return bytes(whole), len(spans)
