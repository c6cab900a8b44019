"""Files: a client's into the ticket's thread, and the bytes of those that staff send."""

import io
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.application.bus import Bus
from bot.application.ports.card_refs import CardRef, FileUpload
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import SYSTEM, MessageId
from bot.domain.errors import PlatformAway, Refused, Unavailable
from bot.domain.text import reveal, shorten
from bot.domain.tickets.message import Attachment
from handlers.slack.client import SlackCalls, Trouble, code_of, is_rate_limit
from handlers.slack.rate_limits import TooBusy

Fetch = Callable[[Attachment], Awaitable[bytes]]
MAX_CLIENT_FILE_BYTES = 20_000_000
"""Bytes; Telegram hands bots no more (Bot API, getFile)."""
MAX_STAFF_FILE_BYTES = 50_000_000
OK = 200


NOT_GRANTED = ("missing_scope", "no_permission", "access_denied", "file_access_denied")
"""No waiting helps: the app lacks a scope, or may not see the file."""


class FileLost(Exception):
    """This file will never come; `key` words why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class Uploads:
    """Puts files into threads: an address, the bytes, then the share; each step once."""

    def __init__(
        self, calls: SlackCalls, bus: Bus, session: Callable[[], aiohttp.ClientSession]
    ) -> None:
        self._calls = calls
        self._bus = bus
        self._session = session

    async def bring(
        self, place: CardRef, file: Attachment, fetch: Fetch, *, mark: tuple[MessageId, int]
    ) -> None:
        """Bring a client's file into a thread; once for each mark.

        Raises:
            FileLost: it is too large, or empty.
            Unavailable: it cannot be fetched now.
            SlackApiError: Slack refused it.
        """
        before = await self._bus.look(upload_of, mark=mark)
        if before is not None and (before.is_done or await self._is_shared(before.file_id)):
            return
        if file.size > MAX_CLIENT_FILE_BYTES:
            raise FileLost("slack.file_too_large")
        content = await fetch(file)
        if not content:
            raise FileLost("slack.file_empty")
        file_id = await self._carry(_name(file), content)
        await self._keep(mark, FileUpload(file_id, is_done=False))
        await self.share(place.channel, file_id, _name(file), thread_ts=place.ts)
        await self._keep(mark, FileUpload(file_id, is_done=True))

    async def close(self, mark: tuple[MessageId, int]) -> None:
        """It will not be brought any more: the thread says why."""
        await self._keep(mark, FileUpload("", is_done=True))

    async def hand_over(self, channel: str, name: str, content: bytes, comment: str) -> None:
        """A file made by the desk, into a direct message."""
        file_id = await self._carry(name, content)
        await self.share(channel, file_id, name, comment=comment)

    async def share(
        self, channel: str, file_id: str, title: str, *, thread_ts: str = "", comment: str = ""
    ) -> None:
        more: dict[str, Any] = {"thread_ts": thread_ts} if thread_ts else {}
        more |= {"initial_comment": comment} if comment else {}
        await self._calls.call(
            "files.completeUploadExternal",
            files=[{"id": file_id, "title": title}],
            channel_id=channel,
            **more,
        )

    async def _carry(self, name: str, content: bytes) -> str:
        given = await self._calls.call(
            "files.getUploadURLExternal", filename=name, length=len(content)
        )
        url, body = str(given["upload_url"]), io.BytesIO(content)
        async with self._session().post(url, data=body) as answer:
            if answer.status != OK:
                raise Unavailable("slack.upload_failed")
        return str(given["file_id"])

    async def _keep(self, mark: tuple[MessageId, int], upload: FileUpload) -> None:
        await self._bus.handle(SYSTEM, keep_upload, mark=mark, upload=upload)

    async def _is_shared(self, file_id: str) -> bool:
        try:
            about = (await self._calls.call("files.info", file=file_id)).get("file") or {}
        except SlackApiError as error:
            if code_of(error) in ("file_not_found", "file_deleted"):
                return False
            raise
        return bool(about.get("shares"))


class Downloads:
    """The bytes of files that staff shared in a thread."""

    def __init__(
        self, calls: SlackCalls, session: Callable[[], aiohttp.ClientSession], token: str
    ) -> None:
        self._calls = calls
        self._session = session
        self._token = token

    async def fetch(self, file: Attachment) -> bytes:
        """The bytes.

        Raises:
            Refused: the file is gone, or too large for a client.
            PlatformAway: Slack itself does not answer.
            Unavailable: Slack answers, and does not give this file now.
        """
        about = await self._about(file.file_ref)
        address = str(about.get("url_private_download") or about.get("url_private") or "")
        if not address or not self._is_slacks(address):
            raise Refused("slack.file_gone")
        try:
            return await self._read(address, about)
        except Trouble as error:
            raise Unavailable("slack.file_unavailable") from error

    async def _about(self, file: str) -> dict[str, Any]:
        try:
            return (await self._calls.call("files.info", file=file)).get("file") or {}
        except (*Trouble, TooBusy) as error:
            code = code_of(error)
            if code in ("file_not_found", "file_deleted"):
                raise Refused("slack.file_gone") from None
            if code in NOT_GRANTED:
                raise Refused("slack.file_unavailable") from None
            if isinstance(error, TooBusy) or is_rate_limit(error) or await self._is_slack_away():
                raise PlatformAway("slack.unreachable", error=code) from error
            raise Unavailable("slack.file_unavailable") from error

    async def _is_slack_away(self) -> bool:
        """Else it is this file that is not to be had, and nothing else waits for it for ever."""
        try:
            await self._calls.call("auth.test")
        except TooBusy:
            return False
        except Trouble:
            return True
        return False

    async def _read(self, address: str, about: dict[str, Any]) -> bytes:
        headers = {"Authorization": f"Bearer {self._token}"}
        async with self._session().get(address, headers=headers, allow_redirects=False) as answer:
            if answer.status != OK:
                raise Unavailable("slack.file_unavailable")
            content = await answer.content.read(MAX_STAFF_FILE_BYTES + 1)
            while len(content) <= MAX_STAFF_FILE_BYTES and (more := await answer.content.readany()):
                content += more
            kind = answer.content_type
        if len(content) > MAX_STAFF_FILE_BYTES:
            raise Refused("slack.file_too_large")
        if kind == "text/html" and about.get("mimetype") != "text/html":
            # Slack answers 200 with a page to sign in where the token does not fit.
            raise Refused("slack.file_unavailable")
        if _is_cut_short(content, about):
            raise Unavailable("slack.file_unavailable")
        return content

    def _is_slacks(self, address: str) -> bool:
        """The token goes to Slack only, or to where the API is."""
        url, own = urlsplit(address), urlsplit(self._calls.client.base_url)
        host = url.hostname or ""
        is_slack = url.scheme == "https" and (host == "slack.com" or host.endswith(".slack.com"))
        return is_slack or (url.scheme, url.netloc) == (own.scheme, own.netloc)


async def upload_of(work: UnitOfWork, *, mark: tuple[MessageId, int]) -> FileUpload | None:
    """How far a message's file came; None: nothing of it was brought yet."""
    return await work.staff_threads.upload(*mark)


async def keep_upload(work: UnitOfWork, *, mark: tuple[MessageId, int], upload: FileUpload) -> None:
    await work.staff_threads.put_upload(*mark, upload)


def _is_cut_short(content: bytes, about: dict[str, Any]) -> bool:
    size = about.get("size")
    return isinstance(size, int) and size > 0 and size != len(content)


def _name(file: Attachment) -> str:
    """A name without hidden characters or path separators."""
    name = shorten(reveal(file.name).replace("/", "_").replace("\\", "_"), 120)
    return name.strip(". ") or "file"
