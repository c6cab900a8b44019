"""`/desk list|find|show|help` in words; what changes something is done from the inbox."""

import re
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

from bot.application.bus import Bus
from bot.application.config import DeskConfig
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.staff_desk.readings import read_talk
from bot.application.tickets.talk_rendering import TalkReader, origin_line, shown_to_staff
from bot.application.views.ticket_card import TicketCard, card
from bot.application.views.ticket_search import find_tickets
from bot.domain.addresses import Actor, TicketId
from bot.domain.errors import Refused, Tampered
from bot.domain.staff import Staff
from bot.domain.text import reveal, shorten
from bot.domain.tickets.message import Message
from bot.domain.tickets.ticket import Ticket
from bot.wording import say
from bot.wording.refusals import refusal_text
from bot.wording.times import moment
from handlers.slack.blocks.mrkdwn import (
    CONTEXT,
    Block,
    context,
    cut,
    escape,
    mrkdwn,
    plain,
    section,
)
from handlers.slack.blocks.ticket_card import card_sheet
from handlers.slack.card_refs import card_ref
from handlers.slack.workspace import Workspace

Answer = tuple[str, list[Block]]
KEPT = ("away", "export", "relink")
"""Words that change something or take long: they go through the inbox."""
WORDS = ("list", "find", "show", "new", "request", *KEPT, "help")
LISTED = 15
LAST = 5
UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
MORNING = time(9)
MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>|@(\S+)")


class Commands:
    """What can be told without changing anything."""

    def __init__(self, bus: Bus, rules: DeskConfig, workspace: Workspace) -> None:
        self._bus = bus
        self._rules = rules
        self._workspace = workspace

    async def answer(self, word: str, rest: str, staff: Staff) -> Answer:
        """The text, and blocks where it is more than a sentence."""
        try:
            match word:
                case "list":
                    return await self._list(rest or "live", staff)
                case "find" if rest:
                    return await self._list(rest, staff)
                case "show" if rest:
                    return await self._show(rest, staff)
                case _:
                    return self._help(word), []
        except (Refused, Tampered) as error:
            return refusal_text(error, self._rules.staff_language), []

    def _help(self, word: str) -> str:
        """All that there is; before it what was not understood, and what may have been meant."""
        if word == "help":
            return self._say("help")
        language = self._rules.staff_language
        near = get_close_matches(word, WORDS, n=1, cutoff=0.5)
        key = "command_lacks" if word in WORDS else "command_unknown"
        shown = escape(reveal(shorten(word, 40)))
        parts = [say(f"slack_words.{key}", language, word=shown)]
        if near and near[0] != word:
            parts.append(say("slack_words.command_near", language, word=near[0]))
        return "\n".join([*parts, self._say("help")])

    async def _list(self, words: str, staff: Staff) -> Answer:
        found = await self._bus.look(find_tickets, words, me=staff.id, limit=LISTED)
        if not found:
            return self._say("found_nothing"), []
        links = await self._bus.look(_links, tickets=found, workspace=self._workspace)
        title = self._say("found", count=len(found))
        blocks = [section(mrkdwn(f"*{escape(title)}*"))]
        for ticket in found:
            blocks.append(section(mrkdwn(self._line(ticket, links.get(ticket.id, "")))))
            blocks.append(context(plain(shorten(reveal(ticket.subject), 150) or "–")))
        return title, blocks

    def _line(self, ticket: Ticket, link: str) -> str:
        language = self._rules.staff_language
        number = f"<{link}|{ticket.number}>" if link else ticket.number
        parts = [
            f"*{number}*",
            ticket.priority,
            say(f"desk.state_{ticket.state}", language),
            say(f"desk.kind_{ticket.kind}", language),
            moment(ticket.opened_at, self._rules.zone, language),
        ]
        return " · ".join(parts)

    async def _show(self, number: str, staff: Staff) -> Answer:
        by = Actor.staff(staff.id)
        ticket, talk = await self._bus.handle(by, read_talk, ticket=number, door="command")
        view: TicketCard = await self._bus.look(card, TicketId(ticket.id))
        sheet = card_sheet(view, self._rules.zone, self._rules.staff_language)
        links = await self._bus.look(_links, tickets=[ticket], workspace=self._workspace)
        blocks = [*sheet.blocks, *[context(plain(self._said(one))) for one in talk[-LAST:]]]
        if link := links.get(ticket.id):
            blocks.append(context(mrkdwn(f"<{link}|{escape(self._say('to_thread'))}>")))
        return sheet.text, blocks

    def _said(self, message: Message) -> str:
        language = self._rules.staff_language
        who = say(f"slack.said_{message.direction}", language, who="", number="").strip()
        at = moment(message.at, self._rules.zone, language)
        reader = TalkReader(language, self._rules.zone)
        from_whom = reveal(origin_line(message.origin, reader))
        words = shown_to_staff(message, reader) or say("slack.deleted", language)
        head = " · ".join(filter(None, (who, at, from_whom)))
        return cut(f"{head}\n{shorten(words, 600)}", CONTEXT)

    def _say(self, name: str, **params: Any) -> str:  # noqa: ANN401  # whatever the text wants
        return say(f"slack.{name}", self._rules.staff_language, **params)


async def _links(
    work: UnitOfWork, *, tickets: list[Ticket], workspace: Workspace
) -> dict[str, str]:
    places = {ticket.id: await card_ref(work, ticket=ticket.id) for ticket in tickets}
    return {
        ticket: workspace.permalink(place.channel, place.ts)
        for ticket, place in places.items()
        if place is not None
    }


def read_away(words: str, now: datetime, zone: ZoneInfo) -> tuple[datetime | None, str]:
    """Until when, and the deputy: `3d @mina`, `2026-11-22 14:00`, `18:00`, `tomorrow`; `off`: back.

    A day means its morning at nine, on the desk's clock.

    Raises:
        Refused: no time that can be read.
    """
    found = MENTION.search(words)
    deputy = (found[1] or found[2]) if found else ""
    when = " ".join(MENTION.sub(" ", words).lower().split()).removeprefix("until ").strip()
    if when in ("off", "back", "end"):
        return None, ""
    until = _until(when, now.astimezone(zone), zone)
    if until is None:
        raise Refused("slack.away_not_understood")
    return until.astimezone(UTC), deputy


def _until(when: str, here: datetime, zone: ZoneInfo) -> datetime | None:
    if match := re.fullmatch(r"(\d{1,3})\s*([mhdw])", when):
        return here + timedelta(**{UNITS[match[2]]: int(match[1])})
    if when == "tomorrow":
        return datetime.combine(here.date() + timedelta(days=1), MORNING, zone)
    match = re.fullmatch(r"(?:(\d{4}-\d\d-\d\d)[ t]?)?(\d{1,2}:\d\d)?", when)
    if match is None or not when:
        return None
    try:
        day = date.fromisoformat(match[1]) if match[1] else here.date()
        at = time.fromisoformat(match[2].zfill(5)) if match[2] else MORNING
    except ValueError:
        return None
    return datetime.combine(day, at, zone)
