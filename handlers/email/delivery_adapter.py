"""Carries codes and notices by mail. A code is made here and now, and kept before it leaves."""

from dataclasses import replace
from datetime import timedelta
from email.errors import MessageError

from bot.application.bus import Bus
from bot.application.fulfilment.last_words import LastWordOf, Way
from bot.application.outbound.after_erasure import LastMail
from bot.application.outbound.to_mailbox import MailCode, MailNotice
from bot.application.ports.queues import (
    Arrived,
    ClaimedDelivery,
    Lane,
    LaneTrouble,
    NotSent,
    Outcome,
)
from bot.application.requests.mail import Letter, take_code_back, write_code, write_notice
from bot.domain.addresses import SYSTEM, Surface
from bot.domain.identity.emails import email_address
from bot.wording import say
from handlers.email.letter_format import mail_of
from handlers.email.server import MailServer

LANE = Lane(name="mail", kinds=(MailCode, MailNotice, LastMail), at_once=8)
FIRST_REST, LONGEST_REST = timedelta(seconds=5), timedelta(minutes=10)
"""Between tries of a mailbox that takes nothing for now, doubled each time: a grey list wants
minutes, and a server that is asked every few seconds bars whoever asks (RFC 5321, 4.5.4.1)."""
NOTHING_TO_SEND = Arrived(Surface.MAIL)
"""A decoy, a code whose time is over, an address that is no longer on record."""
NOTHING_LEFT_TO_SAY = NotSent("no_last_word", is_final=True)
NO_SIGNER = NotSent("no_signer")
"""It waits for a process that can make the certificate."""


class MailAdapter:
    """One adapter for every mail."""

    lane = LANE

    def __init__(
        self, server: MailServer, sender: str, bus: Bus, last_word_of: LastWordOf | None = None
    ) -> None:
        self._server = server
        self._sender = sender
        self._bus = bus
        self._last_word_of = last_word_of

    async def deliver(self, claimed: ClaimedDelivery) -> Outcome:
        """Carry it; an uncertain code is void, and never sent again: see the outbox."""
        outcome = await self._deliver(claimed)
        if isinstance(outcome, LaneTrouble) and outcome.scope:
            rest = min(FIRST_REST * 2 ** min(claimed.tries, 10), LONGEST_REST)
            return replace(outcome, scope=f"{outcome.scope}:{claimed.id}", rest=rest, counts=True)
        return outcome

    async def probe(self) -> LaneTrouble | None:
        return await self._server.probe()

    async def _deliver(self, claimed: ClaimedDelivery) -> Outcome:
        match claimed.delivery:
            case MailCode(challenge):
                return await self._code(challenge)
            case MailNotice() as notice:
                letter = await self._bus.look(
                    write_notice, notice=notice, is_repeat=claimed.is_repeat
                )
                return NOTHING_TO_SEND if letter is None else await self._send(letter)
            case LastMail() as word:
                return await self._last_word(word, is_repeat=claimed.is_repeat)
            case _:
                return NotSent("not_by_mail", is_final=True)

    async def _code(self, challenge: str) -> Outcome:
        letter = await self._bus.handle(SYSTEM, write_code, challenge=challenge)
        if letter is None:
            return NOTHING_TO_SEND
        outcome = await self._send(letter)
        is_barred = isinstance(outcome, LaneTrouble) and not outcome.may_have_arrived
        if is_barred or isinstance(outcome, NotSent):
            await self._bus.handle(SYSTEM, take_code_back, challenge=challenge)
        return outcome

    async def _last_word(self, word: LastMail, *, is_repeat: bool) -> Outcome:
        """One letter, with the certificate."""
        if self._last_word_of is None:
            return NO_SIGNER
        content = await self._bus.look(self._last_word_of, request=word.request, way=Way.MAIL)
        if content is None or not isinstance(content.address, str):
            return NOTHING_LEFT_TO_SAY
        head = say("telegram.repeat", content.language) + "\n" if is_repeat else ""
        letter = Letter(
            content.address,
            content.subject,
            head + "\n\n".join(content.texts),
            content.language,
            content.files,
        )
        return await self._send(letter)

    async def _send(self, letter: Letter) -> Outcome:
        letter = replace(letter, to=email_address(letter.to) or "")
        try:
            message = mail_of(letter, self._sender)
        except (ValueError, IndexError, MessageError):
            return NotSent("address_unusable", is_final=True)
        return await self._server.send(message, letter.to)
