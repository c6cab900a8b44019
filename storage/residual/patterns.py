"""Everything by which one subject is found: what a source is handed to search with."""

import re
from collections.abc import Iterator

import phonenumbers

from bot.application.ports.sources import Match, Spared
from bot.domain.fulfilment.identifiers import Identifier, IdentifierKind, Identifiers
from storage.residual import masked_data, packed
from storage.residual.automaton import Automaton
from storage.residual.looks import Look
from storage.residual.spellings import spellings_of
from storage.residual.wrappings import NOTICED, Wrapping, escaped_signs, short_runs

MOST_WRAPPED = 20


class SubjectPatterns:
    """All identifiers of a subject, in all their spellings and wrappings."""

    def __init__(self, who: Identifiers) -> None:
        spellings = [one for value in who.values for one in spellings_of(value)]
        wrappings = [
            *((kind, one) for kind, several in NOTICED.items() for one in several),
            *((Wrapping.PACKED, one) for one in packed.BEGINNINGS),
            *dict.fromkeys(one for value in _few(who) for one in short_runs(_short(value))),
            *dict.fromkeys(escaped_signs(one.value for one in who.values)),
        ]
        self.is_empty = not spellings
        """Nothing is known of the subject that could be searched for."""
        self._automaton = Automaton(spellings, wrappings)

    def look(self) -> Look:
        """A look over something that comes in pieces."""
        return Look(self._automaton)

    def find(self, data: bytes) -> Iterator[Match]:
        found = self.look().whole(data)
        yield from sorted(found, key=lambda one: (one.start, one.end))

    def masked(self, data: bytes, spared: Spared | None = None) -> tuple[bytes, int]:
        def found(said: bytes) -> Iterator[Match]:
            for one in self.find(said):
                if spared is None or not spared(said[one.start : one.end], one):
                    yield one

        return masked_data.masked(data, found)


def _few(who: Identifiers) -> Iterator[Identifier]:
    """Of the numbers of tickets and requests the first ones; nobody wraps every one by itself."""
    documents = 0
    for one in who.values:
        documents += one.kind is IdentifierKind.DOCUMENT
        if one.kind is not IdentifierKind.DOCUMENT or documents <= MOST_WRAPPED:
            yield one


def _short(value: Identifier) -> Iterator[str]:
    """What is likely to stand alone in base64."""
    text = value.value.strip()
    if value.kind is IdentifierKind.FILE_DIGEST:
        return
    yield from dict.fromkeys((text, text.lower(), text.upper(), text.title()))
    if value.kind is IdentifierKind.PHONE:
        yield from _dialled(text)
    if value.kind in (IdentifierKind.EXTERNAL_ID, IdentifierKind.DOCUMENT):
        yield from _undashed(text)


def _undashed(text: str) -> Iterator[str]:
    """Numbers of a list, as people type them."""
    short = re.sub(r"(?<=-)0+", "", text)
    for one in {text, short}:
        for between in ("", " ", "-"):
            said = one.replace("-", between)
            yield from (said.lower(), said.upper())


def _dialled(text: str) -> Iterator[str]:
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return
    national = phonenumbers.national_significant_number(number)
    yield from (national, f"0{national}", f"{number.country_code}{national}")
    for form in ("INTERNATIONAL", "NATIONAL", "RFC3966"):
        kind = getattr(phonenumbers.PhoneNumberFormat, form)
        yield phonenumbers.format_number(number, kind)
