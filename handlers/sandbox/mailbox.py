"""A mailbox on this machine: a real SMTP server on loopback that keeps what it is given."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any, Final

from aiosmtpd.smtp import SMTP, Envelope, Session

Watcher = Callable[["Mail"], None]

LOOPBACK: Final = "127.0.0.1"
MAX_MAIL_BYTES: Final = 10 * 1024 * 1024
_HOST_NAME: Final = "mailbox.sandbox.example"
_TAKEN: Final = "250 OK"


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as it arrived; `at` is seconds since the epoch."""

    number: int
    at: float
    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    files: tuple[str, ...]
    raw: bytes

    def attachment(self, place: int) -> tuple[str, bytes] | None:
        """The name and bytes of the file that stands there in `files`."""
        message = message_from_bytes(self.raw, policy=policy.default)
        parts = list(message.iter_attachments())
        if not 0 <= place < len(parts):
            return None
        content = parts[place].get_payload(decode=True)
        return self.files[place], content if isinstance(content, bytes) else b""

    def to_json(self) -> dict[str, Any]:
        """The mail as the page shows it."""
        return {
            "number": self.number,
            "at": self.at,
            "from": self.sender,
            "to": list(self.recipients),
            "subject": self.subject,
            "text": self.text,
            "files": list(self.files),
        }


class Mailbox:
    """Start it and point SMTP_URL at `url`; read `mails`, or wait with `expect`."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.mails: list[Mail] = []
        self._clock = clock
        self._watchers: list[Watcher] = []
        self._waiters: list[asyncio.Future[None]] = []
        self._open: set[SMTP] = set()
        self._server: asyncio.Server | None = None
        self._port = 0

    async def start(self, port: int = 0) -> None:
        """Listens on loopback; port 0 takes a free one."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._connection, LOOPBACK, port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is None:
            return
        self._server.close()
        for one in tuple(self._open):
            if one.transport is not None:
                one.transport.close()
        await self._server.wait_closed()
        self._server = None

    @property
    def url(self) -> str:
        """What SMTP_URL names."""
        return f"smtp://{LOOPBACK}:{self._port}"

    def subscribe(self, watcher: Watcher) -> Callable[[], None]:
        """Calls back with every mail; returns what ends that."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    def to(self, address: str) -> list[Mail]:
        """The mails to one address, oldest first."""
        return [mail for mail in self.mails if address in mail.recipients]

    async def expect(self, address: str, text: str = "", timeout_seconds: float = 5.0) -> Mail:
        """Waits for a mail to the address that holds the text.

        Raises:
            TimeoutError: none came in time (real seconds).
        """
        async with asyncio.timeout(timeout_seconds):
            while True:
                for mail in reversed(self.to(address)):
                    if text in mail.subject or text in mail.text:
                        return mail
                waiter = asyncio.get_running_loop().create_future()
                self._waiters.append(waiter)
                await waiter

    async def handle_DATA(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        raw = envelope.original_content or b""
        to = tuple(parseaddr(one)[1] for one in envelope.rcpt_tos)
        self._keep(_read(len(self.mails) + 1, self._clock(), to, raw))
        return _TAKEN

    def _connection(self) -> SMTP:
        protocol = _Connection(self, self._open)
        self._open.add(protocol)
        return protocol

    def _keep(self, mail: Mail) -> None:
        self.mails.append(mail)
        for watcher in tuple(self._watchers):
            watcher(mail)
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)


class _Connection(SMTP):
    """One SMTP conversation; it leaves the list of open ones when it ends."""

    def __init__(self, mailbox: Mailbox, among: "set[SMTP]") -> None:
        super().__init__(
            mailbox, hostname=_HOST_NAME, enable_SMTPUTF8=True, data_size_limit=MAX_MAIL_BYTES
        )
        self._among = among

    def connection_lost(self, error: Exception | None) -> None:
        self._among.discard(self)
        super().connection_lost(error)


def _read(number: int, at: float, to: tuple[str, ...], raw: bytes) -> Mail:
    message = message_from_bytes(raw, policy=policy.default)
    return Mail(
        number=number,
        at=at,
        sender=str(message["from"] or ""),
        recipients=to,
        subject=str(message["subject"] or ""),
        text=_text(message),
        files=tuple(part.get_filename() or "file" for part in message.iter_attachments()),
        raw=raw,
    )


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain", "html"))
    return "" if body is None else body.get_content().strip()
