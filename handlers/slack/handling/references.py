"""Names in place of ids: asked of Slack before words leave or are kept, never after.

What Slack cannot say for now is waited for, so that the order of a thread holds and no word is
lost. What it will never say, a person who is gone or a channel that the desk is not in, is called
by the name Slack put beside the id, else by a neutral word, and the writer is told: an id means
nothing to a client, and a reply that waited for a name would hold up all that comes after it.
"""

import re
from dataclasses import dataclass, replace

from bot.domain.addresses import Language
from bot.domain.errors import Unavailable
from bot.domain.text import clean
from bot.domain.tickets.message import Span
from bot.wording import say
from handlers.slack.payloads.marked_text import Reference, typed_words
from handlers.slack.people import People
from handlers.slack.places import Places

BARE = re.compile(r"(?<![\w<@])@([UW][A-Z0-9]{4,20})\b")
"""An id as somebody pastes it, without the markup around it."""
HANDLE = re.compile(r"(?<![\w@/.])@([\w.-]{1,80})")
BANGLA = re.compile("[\u0980-\u09ff]")
NEUTRAL = {
    Reference.USER: "somebody",
    Reference.GROUP: "some_group",
    Reference.CHANNEL: "some_channel",
    Reference.TEAM: "some_team",
    Reference.BROADCAST: "everybody",
}


@dataclass(frozen=True, slots=True)
class Named:
    """Words as they read, and whether a name in them was not to be had."""

    text: str
    spans: tuple[Span, ...] = ()
    is_vague: bool = False


@dataclass(frozen=True, slots=True)
class _Mark:
    """A stretch that names somebody or something by its id."""

    kind: Reference
    offset: int
    length: int
    ref: str
    label: str = ""
    is_sure: bool = True
    """False: it only looks like an id; where nobody has it, it stays as it was typed."""


class References:
    """Knows what every id is called."""

    def __init__(self, people: People, places: Places) -> None:
        self._people = people
        self._places = places

    async def named(self, text: str, spans: tuple[Span, ...] = ()) -> Named:
        """The words with each reference by its name. Raises Unavailable: ask again later."""
        kept = tuple(span for span in spans if span.kind not in tuple(Reference))
        made = Named(text, kept)
        for mark in sorted(_marks(text, spans), key=lambda one: one.offset, reverse=True):
            name = " ".join(clean(await self._name(mark)).split())
            if name or mark.is_sure:
                made = _exchanged(made, mark, name or mark.label or _neutral(mark, text))
                is_vague = not name and mark.kind is not Reference.BROADCAST
                made = replace(made, is_vague=made.is_vague or is_vague)
        return made

    async def typed(self, text: str) -> Named:
        """What was typed in a dialog, where nothing is marked up; handles of colleagues too."""
        named = await self.named(*typed_words(text))
        return replace(named, text=HANDLE.sub(self._colleague, named.text))

    async def readable(self, text: str) -> str:
        """The desk's own words where Slack draws no mentions: colleagues by their names."""
        try:
            return (await self.named(text)).text
        except Unavailable:
            return BARE.sub(say("slack_words.somebody"), text)

    def _colleague(self, found: re.Match[str]) -> str:
        """Telegram would make a link to a stranger of `@carol`."""
        return self._people.named_by_handle(found[1]) or found[0]

    async def _name(self, mark: _Mark) -> str:
        match mark.kind:
            case Reference.USER:
                return await self._people.asked_name(mark.ref)
            case Reference.GROUP:
                return await self._places.group(mark.ref)
            case Reference.CHANNEL:
                name = await self._places.channel(mark.ref)
                return f"#{name}" if name else ""
            case Reference.TEAM:
                return self._places.team(mark.ref)
            case Reference.BROADCAST:
                return ""


def _marks(text: str, spans: tuple[Span, ...]) -> list[_Mark]:
    found = list[_Mark]()
    for span in spans:
        if span.kind in tuple(Reference):
            kind = Reference(span.kind)
            ref, _, label = span.url.partition("|")
            label = "" if kind is Reference.BROADCAST else label.lstrip("@")
            found.append(_Mark(kind, span.offset, span.length, ref, label))
    taken = {at for mark in found for at in range(mark.offset, mark.offset + mark.length)}
    for bare in BARE.finditer(text):
        if bare.start() not in taken:
            length = bare.end() - bare.start()
            mark = _Mark(Reference.USER, bare.start(), length, bare[1], is_sure=False)
            found.append(mark)
    return found


def _neutral(mark: _Mark, text: str) -> str:
    language = Language.BN if BANGLA.search(text) else Language.EN
    return say(f"slack_words.{NEUTRAL[mark.kind]}", language)


def _exchanged(made: Named, mark: _Mark, name: str) -> Named:
    """A name in place of a stretch; the markup around it moves along."""
    start, end = mark.offset, mark.offset + mark.length
    moved = len(name) - mark.length

    def place(at: int) -> int:
        return at if at <= start else at + moved if at >= end else start

    spans = (
        replace(
            span,
            offset=place(span.offset),
            length=place(span.offset + span.length) - place(span.offset),
        )
        for span in made.spans
    )
    text = made.text[:start] + name + made.text[end:]
    return replace(made, text=text, spans=tuple(span for span in spans if span.length > 0))
