"""The mail server: where it is, how it is spoken to, and what its answers mean for a delivery."""

import asyncio
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

import aiosmtplib
from aiosmtplib import SMTPException, SMTPResponseException

from bot.application.ports.queues import Arrived, LaneTrouble, NotSent, Outcome
from bot.application.ports.troubles import TroubleKind
from bot.domain.addresses import Surface
from bot.domain.identity.emails import a_label
from handlers.settings import LOOPBACK

PATIENCE_SECONDS = 20.0
"""For each word of the server; together less than the lease of a delivery."""
WHOLE_SECONDS = 75.0
_PERMANENT, _LAST, _GOING_DOWN = 500, 600, 421
LOCAL_PART = "no_smtputf8"
"""The part before the @ is not ASCII, and the server takes ASCII only: for good."""
ONE_MAILBOX = "mailbox"
"""Of a refusal for now that is about one letter: a grey list, a full mailbox."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """SMTP_URL, read. Without TLS only to this machine; elsewhere STARTTLS must succeed."""

    host: str
    port: int | None
    username: str
    password: str
    is_tls_from_start: bool
    greets_as: str = "localhost"
    """The name given at EHLO; many servers refuse one that is no full domain (RFC 5321, 4.1.4)."""

    @classmethod
    def parse(cls, url: str, *, greets_as: str = "localhost") -> "MailServer":
        """`smtp://USER:PASSWORD@HOST:587` or `smtps://...`; user and password percent-encoded."""
        parts = urlsplit(url)
        return cls(
            host=parts.hostname or "",
            port=parts.port,
            username=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            is_tls_from_start=parts.scheme == "smtps",
            greets_as=greets_as,
        )

    @property
    def is_here(self) -> bool:
        return self.host in LOOPBACK

    async def send(self, message: EmailMessage, to: str) -> Outcome:
        """Carry one mail. Only what happens after its first byte has left can be in doubt."""
        phase = _Phase()
        try:
            async with asyncio.timeout(WHOLE_SECONDS):
                return await self._send(message, to, phase)
        except SMTPResponseException as error:
            return _answered(error)
        except (SMTPException, OSError, TimeoutError, ssl.SSLError) as error:
            return LaneTrouble(error=type(error).__name__, may_have_arrived=phase.has_left)

    async def probe(self) -> LaneTrouble | None:
        """What a mail would run into now; None: the server is there and takes the login."""
        try:
            await self.greet()
        except SMTPResponseException as error:
            outcome = _answered(error)
            return outcome if isinstance(outcome, LaneTrouble) else None
        except (SMTPException, OSError, TimeoutError, ssl.SSLError) as error:
            return LaneTrouble(error=type(error).__name__)
        return None

    async def greet(self) -> None:
        """Connect, say EHLO, and take TLS and the login as a mail would; nothing is sent.

        Raises:
            SMTPException, OSError, TimeoutError: as the server or the way to it is.
        """
        client = self._client()
        try:
            await client.connect()
            await client.ehlo()
        finally:
            client.close()

    async def _send(self, message: EmailMessage, to: str, phase: "_Phase") -> Outcome:
        """Only a local part that is not ASCII needs SMTPUTF8 (RFC 6531)."""
        client = self._client()
        await client.connect()
        try:
            is_plain = to.isascii()
            if not is_plain and not await _takes_utf8(client):
                return NotSent(LOCAL_PART, is_final=True)
            options, encoding = ([], "ascii") if is_plain else (["SMTPUTF8"], "utf-8")
            await client.mail(parseaddr(message["From"])[1], options=options, encoding=encoding)
            await client.rcpt(to, encoding=encoding)
            raw = message.as_bytes()
            phase.has_left = True
            await client.data(raw)
        finally:
            client.close()
        return Arrived(Surface.MAIL)

    def _client(self) -> aiosmtplib.SMTP:
        starts_tls = not self.is_tls_from_start and not self.is_here
        return aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            username=self.username or None,
            password=self.password or None,
            use_tls=self.is_tls_from_start,
            start_tls=starts_tls,
            timeout=PATIENCE_SECONDS,
            local_hostname=self.greets_as,
        )


def greeting_name(stated: str, sender: str) -> str:
    """What the desk calls itself to a mail server: as stated, else the domain it sends from."""
    domain = stated or parseaddr(sender)[1].rpartition("@")[2]
    return a_label(domain) or "localhost"


async def _takes_utf8(client: aiosmtplib.SMTP) -> bool:
    if not client.last_ehlo_response:
        await client.ehlo()
    return client.supports_extension("smtputf8")


class _Phase:
    """How far a mail has come."""

    def __init__(self) -> None:
        self.has_left = False


def _answered(error: SMTPResponseException) -> Outcome:
    """The server said no. Its words may quote an address: codes only.

    Of the letter itself 4xx is for now and 5xx for good. What it says before it knows whom the
    letter is for is about the desk, a wrong password too: every letter waits until that is right.
    """
    code = f"smtp_{error.code}"
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return LaneTrouble(error=code, kind=TroubleKind.TOKEN)
    is_about_letter = isinstance(error, aiosmtplib.SMTPDataError | aiosmtplib.SMTPRecipientRefused)
    if not is_about_letter or error.code == _GOING_DOWN:
        return LaneTrouble(error=code)
    if _PERMANENT <= error.code < _LAST:
        return NotSent(code, is_final=True)
    return LaneTrouble(error=code, scope=ONE_MAILBOX)
