"""Searches what stands in Slack for a subject: the desk's channels, their threads, direct words.

In the desk's own posts the spans are overwritten, and what cannot be changed so is taken away.
Everybody else's words are told, each with its address, for a person to remove.
"""

from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from bot.application.bus import Bus
from bot.application.fulfilment.chat_words import channels_of
from bot.application.fulfilment.own_number import is_number, serial_in, spares_number
from bot.application.ports.sources import Hit, Looked, Match, Order, Patterns
from bot.application.staff_desk.staff import list_staff
from bot.domain.addresses import StaffId
from bot.domain.errors import PlatformAway, Refused, Unavailable
from bot.domain.tickets.message import Attachment
from handlers.slack.client import Json, SlackCalls, Trouble, code_of
from handlers.slack.erasure.own_posts import LAST_RANK, OwnPosts
from handlers.slack.erasure.post_words import files_of, readings_of, rewritten
from handlers.slack.payloads.parsing import is_own
from handlers.slack.platform_refusals import is_final
from handlers.slack.rate_limits import TooBusy
from handlers.slack.workspace import Workspace

UNREADABLE = "unreadable"
DIRECT_CLOSED = "erasure.slack_direct_closed"
LEFT_US = ("user_disabled", "user_not_found", "users_not_found")
"""Nobody can open a direct conversation with them any more."""
ELSEWHERE = ("external", "post", "tombstone")
"""Modes of files whose bytes do not lie in Slack."""
ALL_PAGES = 100_000
PLACE_LENGTH = 300

Fetch = Callable[[Attachment], Awaitable[bytes]]
Redraw = Callable[[StaffId], Awaitable[None]]

_Word = tuple[str, bool, bytes]
"""Kind, whether it is strong, and how it is written."""


@dataclass(slots=True)
class _Seen:
    """What one look went through and found so far."""

    patterns: Patterns
    number: int
    """Of the request: the subject holds it, and it stays on the certificate."""
    masks: bool
    posts: int = 0
    size: int = 0
    """Bytes."""
    files: int = 0
    hits: list[Hit] = field(default_factory=list[Hit])
    stated: dict[str, None] = field(default_factory=dict[str, None])
    known_files: set[str] = field(default_factory=set[str])
    ours: list[tuple[str, Json]] = field(default_factory=list[tuple[str, Json]])
    """Channel and post: the desk's own, with something of the subject in it."""
    our_files: list[str] = field(default_factory=list[str])

    def find(self, data: bytes) -> list[Match]:
        self.size += len(data)
        return self._matches(data)

    def find_said(self, post: Json) -> list[Match]:
        """In all that a post says; what its text and its blocks both say is found once."""
        found = list[Match]()
        for readings in readings_of(post):
            self.size += max(map(len, readings))
            most = dict[_Word, list[Match]]()
            for data in readings:
                for said, matches in _by_word(data, self._matches(data)).items():
                    most[said] = max(most.get(said, []), matches, key=len)
            found += [one for matches in most.values() for one in matches]
        return found

    def is_strong_in(self, post: Json) -> bool:
        """Whether something that is surely the subject's is still said there."""
        return any(
            one.is_strong
            for readings in readings_of(post)
            for data in readings
            for one in self._matches(data)
        )

    def found(self, place: str, matches: Sequence[Match], link: str) -> None:
        """One of each kind: whoever judges one of them says nothing of the others."""
        for (kind, is_strong), count in Counter((m.kind, m.is_strong) for m in matches).items():
            hit = Hit(
                place=place[:PLACE_LENGTH],
                kind=kind,
                is_strong=is_strong,
                hits=count,
                link=link,
            )
            self.hits.append(hit)

    def unreadable(self, place: str, link: str = "") -> None:
        self.hits.append(Hit(place=place[:PLACE_LENGTH], kind=UNREADABLE, link=link))

    def _matches(self, data: bytes) -> list[Match]:
        return [
            one
            for one in self.patterns.find(data)
            if not is_number(data[one.start : one.end], one, self.number)
        ]


def _by_word(data: bytes, found: Sequence[Match]) -> dict[_Word, list[Match]]:
    words = dict[_Word, list[Match]]()
    for one in found:
        said = data[one.start : one.end].lower()
        words.setdefault((one.kind, one.is_strong, said), []).append(one)
    return words


class WorkspaceLook:
    """One look through all that the desk can read."""

    def __init__(  # the parts of the edge
        self,
        calls: SlackCalls,
        workspace: Workspace,
        bus: Bus,
        fetch: Fetch,
        redraw: Redraw,
    ) -> None:
        self._calls = calls
        self._workspace = workspace
        self._bus = bus
        self._fetch = fetch
        self._redraw = redraw

    async def through(
        self, order: Order, patterns: Patterns, number: str, *, masks: bool
    ) -> Looked:
        """Look; `number`: of the request, which is no finding.

        Raises:
            Refused: a person must act first.
            Unavailable: Slack cannot be reached.
        """
        seen = _Seen(patterns, serial_in(number), masks)
        known = await self._bus.look(channels_of, who=order.who, request=order.request)
        for channel in dict.fromkeys((*self._workspace.channels, *known)):
            await self._channel(seen, channel, is_direct=False)
        for staff in await self._bus.look(list_staff):
            await self._direct(seen, staff.slack_user)
        masked = await self._change_ours(seen) if masks else {}
        if masks:
            await self._redraw_homes()
        return Looked(
            bytes=seen.size,
            files=seen.files,
            posts=seen.posts,
            hits=tuple(seen.hits),
            masked=masked,
            stated=tuple(seen.stated),
        )

    async def _direct(self, seen: _Seen, slack_user: str) -> None:
        try:
            opened = await self._calls.call("conversations.open", rank=LAST_RANK, users=slack_user)
        except (*Trouble, TooBusy) as error:
            if code_of(error) in LEFT_US:
                seen.stated[DIRECT_CLOSED] = None
            elif is_final(error):
                seen.unreadable(f"direct:{slack_user}")
            else:
                raise Unavailable("slack.unreachable", error=code_of(error)) from error
            return
        channel = str((opened.get("channel") or {}).get("id") or "")
        if channel:
            await self._channel(seen, channel, is_direct=True)

    async def _channel(self, seen: _Seen, channel: str, *, is_direct: bool) -> None:
        """History and every thread in it; one that cannot be read is a finding of its own."""
        if not channel:
            return
        read = set[str]()
        try:
            async for root in self._messages(channel):
                await self._post(seen, channel, root, read, is_direct=is_direct)
                if root.get("reply_count") or root.get("thread_ts") == root.get("ts"):
                    async for reply in self._messages(channel, thread_ts=str(root["ts"])):
                        await self._post(seen, channel, reply, read, is_direct=is_direct)
        except (*Trouble, TooBusy) as error:
            if not is_final(error):
                raise Unavailable("slack.unreachable", error=code_of(error)) from error
            seen.unreadable(channel)

    def _messages(self, channel: str, *, thread_ts: str = "") -> AsyncGenerator[Json]:
        return self._calls.messages(channel, thread_ts=thread_ts, pages=ALL_PAGES, rank=LAST_RANK)

    async def _post(
        self, seen: _Seen, channel: str, post: Json, read: set[str], *, is_direct: bool
    ) -> None:
        ts = str(post.get("ts"))
        if ts in read or post.get("subtype") == "tombstone":
            return
        read.add(ts)
        seen.posts += 1
        is_ours = is_own(post, self._workspace.bot, self._workspace.bot_user)
        if matches := seen.find_said(post):
            if is_ours and seen.masks and any(one.is_strong for one in matches):
                seen.ours.append((channel, post))
            else:
                seen.found(f"{channel}:{ts}", matches, self._link(channel, post))
        for file in files_of(post):
            await self._file(seen, channel, post, file, is_removable=is_ours and is_direct)

    async def _file(
        self, seen: _Seen, channel: str, post: Json, file: Json, *, is_removable: bool
    ) -> None:
        """Its bytes. What the desk made for one person can be made again, and is taken away."""
        name = str(file["id"])
        if name in seen.known_files or file.get("mode") in ELSEWHERE:
            return
        seen.known_files.add(name)
        place = f"{channel}:{post.get('ts')}:{name}"
        try:
            content = await self._fetch(Attachment("document", name))
        except PlatformAway as error:
            raise Unavailable("slack.unreachable", error=error.key) from error
        except (Refused, Unavailable) as error:
            if error.key != "slack.file_gone":
                seen.unreadable(place, self._link(channel, post))
            return
        seen.files += 1
        matches = seen.find(content)
        if not matches:
            return
        if is_removable and seen.masks and any(one.is_strong for one in matches):
            seen.our_files.append(name)
        else:
            seen.found(place, matches, self._link(channel, post))

    async def _change_ours(self, seen: _Seen) -> dict[str, int]:
        """After everything was read, so that no page of it moves meanwhile."""
        run, masked = OwnPosts(self._calls, self._workspace), dict[str, int]()
        for file in seen.our_files:
            await run.remove_file(file)
        for channel, post in seen.ours:
            place, mask = f"{channel}:{post['ts']}", _Mask(seen.patterns, seen.number)
            parts = {
                part: rewritten(post[part], mask)
                for part in ("text", "blocks", "attachments")
                if post.get(part)
            }
            changed = post | parts
            if mask.count and not seen.is_strong_in(changed):
                await run.change(channel, str(post["ts"]), **parts)
                masked[place] = mask.count
            else:
                await run.remove(channel, str(post["ts"]))
        run.finish()
        seen.stated |= run.stated
        return masked

    async def _redraw_homes(self) -> None:
        """A home cannot be read by the desk: it is drawn anew from what the store still holds."""
        for staff in await self._bus.look(list_staff):
            try:
                await self._redraw(staff.id)
            except (*Trouble, TooBusy) as error:
                if not is_final(error):
                    raise Unavailable("slack.unreachable", error=code_of(error)) from error

    def _link(self, channel: str, post: Json) -> str:
        """As chat.getPermalink gives it."""
        ts, thread = str(post.get("ts")), str(post.get("thread_ts") or "")
        link = self._workspace.permalink(channel, ts)
        return f"{link}?thread_ts={thread}&cid={channel}" if thread not in ("", ts) else link


class _Mask:
    """Overwrites strong spans, and counts them; the request's own number stays."""

    def __init__(self, patterns: Patterns, number: int) -> None:
        self._patterns = patterns
        self._spared = spares_number(number)
        self.count = 0

    def __call__(self, text: str) -> str:
        data, count = self._patterns.masked(text.encode("utf-8", "surrogatepass"), self._spared)
        self.count += count
        return data.decode("utf-8", "replace") if count else text
