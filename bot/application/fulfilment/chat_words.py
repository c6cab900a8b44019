"""What the desk said about a subject on the chat platforms, as far as the store knows."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.application.ports.card_refs import CardKind, CardRef
from bot.application.ports.chat_traces import SubjectCard, SubjectPost
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import AccountId, RequestId, Surface
from bot.domain.errors import NotFound
from bot.domain.fulfilment.identifiers import IdentifierKind, Identifiers
from bot.domain.tickets.message import Direction

Words = Mapping[int, Sequence[int]]
"""The ids of the bot's words, by chat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackTraces:
    """Where the desk's posts about a subject stand."""

    number: str
    """Of the request that is carried out."""
    cards: tuple[SubjectCard, ...]
    """Each place once; a request's own card goes before the card of its talk."""
    posts: tuple[SubjectPost, ...]
    files: tuple[str, ...]


async def slack_traces(
    work: UnitOfWork, *, who: Identifiers, request: RequestId | None = None
) -> SlackTraces:
    cards: dict[CardRef, SubjectCard] = {}
    for card in await work.chat_traces.cards(who):
        if card.card not in cards or card.kind is CardKind.REQUEST:
            cards[card.card] = card
    return SlackTraces(
        number=await number_of(work, request=request) if request else "",
        cards=tuple(cards.values()),
        posts=tuple(await work.chat_traces.posts(who, Surface.SLACK)),
        files=tuple(await work.chat_traces.files(who)),
    )


async def channels_now(work: UnitOfWork, *, who: Identifiers) -> list[str]:
    """Where cards and posts about them stand, as long as that is on record."""
    cards = [one.card.channel for one in await work.chat_traces.cards(who)]
    posts = [one.place for one in await work.chat_traces.posts(who, Surface.SLACK)]
    return list(dict.fromkeys((*cards, *posts)))


async def channels_of(work: UnitOfWork, *, who: Identifiers, request: RequestId) -> list[str]:
    """Where cards and posts stood when the subject was fenced, and stand: the desk may have moved.

    What is on record of them goes with the subject, before Slack is searched.
    """
    kept = await work.fulfilments.get(request)
    known = () if kept is None else kept.channels
    return list(dict.fromkeys((*known, *await channels_now(work, who=who))))


async def number_of(work: UnitOfWork, *, request: RequestId) -> str:
    """The subject holds it too; empty: there is no such request any more."""
    try:
        return (await work.requests.get(request)).number
    except NotFound:
        return ""


async def bots_words(work: UnitOfWork, *, who: Identifiers, since: datetime) -> Words:
    """What the bot said in their chats since then, in a fixed order."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    chats: dict[AccountId, int] = {}
    for post in await work.chat_traces.posts(who, Surface.TELEGRAM, since=since):
        if not (post.place.isdecimal() and post.remote.isdecimal()):
            continue
        chats[post.account] = int(post.place)
        if post.direction is not Direction.IN:
            found[int(post.place)].add(int(post.remote))
    known = [int(one) for one in who.of(IdentifierKind.CHAT_ID) if one.isdecimal()]
    for told in await work.chat_traces.told_words(who, since=since):
        # Ids count through all private chats of a bot: another chat has no such message.
        for chat in [chats[told.account]] if told.account in chats else known:
            found[chat].add(int(told.remote))
    return {chat: sorted(words) for chat, words in sorted(found.items())}
