"""The one check before every kind of listener: which workspace, which app, which person.

Bolt itself checks none of the three (docs/design/security.md, "Who gets in"). What comes from
another workspace or app reaches nobody; a person who may not work the desk is told so politely, and
the refusal is kept. The role is read from the desk's own table at each press, and again when the
work is done.
"""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.application.bus import Bus, UpdateEnd
from bot.application.permission import admit, refuse_access
from bot.domain.addresses import SYSTEM, Language
from bot.domain.errors import DeskError, NotAllowed, Unavailable
from bot.domain.staff import AccessRefused, Staff
from bot.wording import say
from bot.wording.refusals import refusal_text
from handlers.log_setup import log
from handlers.slack.blocks.home import stranger_home
from handlers.slack.blocks.modals import notice_modal
from handlers.slack.card_refs import refuse_words, ticket_at
from handlers.slack.ephemeral_replies import EphemeralReplies
from handlers.slack.payloads.envelopes import Visitor, is_for_us, visitor_of
from handlers.slack.payloads.parsing import (
    errors_of,
    inner,
    is_own,
    text_of,
    typed_words_of,
    user_of,
    where_of,
)
from handlers.slack.people import People
from handlers.slack.workspace import Workspace
from handlers.update_log import log_end

Json = dict[str, Any]
Next = Callable[[], Awaitable[BoltResponse]]
UNCHECKED = "cannot_be_checked"
HEARD = ("message", "app_home_opened")
"""Events that people cause and that the desk acts on; of the others nothing follows."""


class AccessCheck:
    """A middleware of Bolt, before all listeners."""

    def __init__(
        self,
        bus: Bus,
        workspace: Workspace,
        people: People,
        replies: EphemeralReplies,
        language: Language,
    ) -> None:
        self._bus = bus
        self._workspace = workspace
        self._people = people
        self._replies = replies
        self._language = language

    async def check(
        self, req: AsyncBoltRequest, context: AsyncBoltContext, next_: Next
    ) -> BoltResponse:
        """Let in whoever may work the desk; everybody else is answered here."""
        body = req.body
        if not self._is_ours(body):
            log(__name__, "other_workspace_or_app")
            status = HTTPStatus.FORBIDDEN if req.mode == "http" else HTTPStatus.OK
            return BoltResponse(status=status, body="")
        if not self._concerns_staff(body):
            return await next_()
        visitor = visitor_of(body)
        try:
            fault, staff = await self._fault(visitor)
        except Unavailable as error:
            if "event" in body:
                raise
            return self._put_off(body, visitor, refusal_text(error, self._language))
        if not fault:
            context["staff"] = staff
            return await next_()
        return await self._turn_away(body, visitor, fault)

    async def _turn_away(self, body: Json, visitor: Visitor, fault: str) -> BoltResponse:
        if await self._is_idle(body):
            return BoltResponse(status=HTTPStatus.OK, body="")
        if fault == UNCHECKED and "event" in body:
            return BoltResponse(status=HTTPStatus.SERVICE_UNAVAILABLE, body="")
        await self._keep(visitor, fault)
        end = UpdateEnd(route=visitor.entry, reason=fault, action=visitor.action[:40])
        log_end("slack", end)
        if fault == UNCHECKED:
            return self._put_off(body, visitor, say("slack.try_again", self._language))
        event = inner(body, "event")
        if event.get("type") == "message":
            await self.keep_refused_words(text_of(event.get("channel")), text_of(event.get("ts")))
        return self._refuse(body, visitor, say("staff.not_on_the_list", self._language))

    async def admit(self, user: str) -> Staff:
        """Who acts, read again where the work is done. Raises NotAllowed."""
        return await self._bus.look(admit, slack_user=user)

    async def lets_in(self, user: str) -> bool:
        """Whether what they wrote while nobody listened counts; nobody is told if it does not."""
        fault, _ = await self._fault(Visitor(user, (self._workspace.team,), "event", "message"))
        if fault == UNCHECKED:
            raise Unavailable("slack.unreachable", error=fault)
        return not fault

    async def keep_refused_words(self, channel: str, ts: str) -> None:
        """Words that were refused once are not taken later, when threads are read again."""
        try:
            await self._bus.handle(SYSTEM, refuse_words, channel=channel, ts=ts)
        except DeskError as error:
            log(__name__, "refusal_not_kept", error=error.key)

    async def keep_refusal(self, user: str, action: str, why: NotAllowed) -> None:
        """Let in, and still not allowed: the role does not do that, or was taken away meanwhile."""
        visitor = Visitor(user, (self._workspace.team,), "work", action)
        await self._keep(visitor, why.key.rpartition(".")[2].removeprefix("reason_"))

    def _is_ours(self, body: Json) -> bool:
        """A person of another team who presses something here is a case for a polite answer."""
        own = self._workspace
        if own.app and body.get("api_app_id") != own.app:
            return False
        if "event" in body:
            return is_for_us(body, own)
        team = inner(body, "team").get("id") or body.get("team_id")
        return team == own.team or _enterprise(body) in ("", own.enterprise)

    def _concerns_staff(self, body: Json) -> bool:
        """False: an event of which nothing follows, or the desk's own echo."""
        event = inner(body, "event")
        if not event:
            return True
        if event.get("type") not in HEARD:
            return False
        if event.get("type") == "app_home_opened":
            return event.get("tab", "home") == "home"
        is_there = event.get("channel") in self._workspace.channels
        is_echo = is_own(event, self._workspace.bot, self._workspace.bot_user)
        return is_there and not is_echo and bool(user_of(body)) and not _is_removal(event)

    async def _fault(self, visitor: Visitor) -> tuple[str, Staff | None]:
        own = ("", self._workspace.team, self._workspace.enterprise)
        if any(team not in own for team in visitor.teams):
            return "other_workspace", None
        try:
            staff = await self._bus.look(admit, slack_user=visitor.user)
        except NotAllowed:
            return "not_on_the_list", None
        member = await self._people.member(visitor.user)
        if member is None:
            return UNCHECKED, None
        return member.fault, staff

    async def _is_idle(self, body: Json) -> bool:
        """A stranger's talk outside of every ticket's thread asks for nothing."""
        event = inner(body, "event")
        if event.get("type") != "message":
            return False
        message = inner(event, "message") or event
        thread = text_of(message.get("thread_ts"))
        if not thread or event.get("bot_id") or message.get("bot_id"):
            return True
        channel = text_of(event.get("channel"))
        return await self._bus.look(ticket_at, channel=channel, ts=thread) is None

    async def _keep(self, visitor: Visitor, reason: str) -> None:
        refusal = AccessRefused(
            slack_user=visitor.user[:40],
            team=_foreign(visitor.teams, self._workspace.team)[:40],
            door=visitor.entry,
            action=visitor.action[:40],
            reason=reason,
        )
        try:
            await self._bus.handle(SYSTEM, refuse_access, refusal=refusal)
        except DeskError as error:
            log(__name__, "refusal_not_kept", error=error.key)

    def _refuse(self, body: Json, visitor: Visitor, text: str) -> BoltResponse:
        event = inner(body, "event")
        if event.get("type") == "app_home_opened":
            self._replies.publish(visitor.user, stranger_home(self._language))
        elif event:
            message = inner(event, "message") or event
            place = text_of(event.get("channel")), text_of(message.get("thread_ts"))
            self._replies.whisper(visitor.user, *place, text)
        elif visitor.entry == "modal":
            view = notice_modal(self._with_words(body, text), self._language)
            return _json({"response_action": "update", "view": view}, body)
        elif visitor.entry == "options":
            return _json({"options": []}, body)
        elif visitor.entry == "command":
            return _json({"response_type": "ephemeral", "text": text}, body)
        else:
            self._answer_press(body, visitor, text)
        return BoltResponse(status=HTTPStatus.OK, body="")

    def _put_off(self, body: Json, visitor: Visitor, why: str) -> BoltResponse:
        """Not now: nothing is closed and nothing is lost by it."""
        if visitor.entry == "modal":
            text = say("slack_words.kept_here", self._language, why=why)
            return _json(errors_of(inner(body, "view"), "", text), body)
        text = say("slack_words.not_now", self._language, why=why)
        if visitor.entry in ("options", "command"):
            return self._refuse(body, visitor, text)
        self._replies.tell(where_of(body), text)
        return BoltResponse(status=HTTPStatus.OK, body="")

    def _with_words(self, body: Json, text: str) -> str:
        """What somebody typed who may not send it, back to them."""
        if not (words := typed_words_of(inner(body, "view"))):
            return text
        return say("slack_words.not_let_in", self._language, why=text, words=words)

    def _answer_press(self, body: Json, visitor: Visitor, text: str) -> None:
        if text_of(body.get("response_url")):
            self._replies.respond(text_of(body["response_url"]), text)
        elif text_of(inner(body, "view").get("type")) == "home":
            self._replies.publish(visitor.user, stranger_home(self._language))
        elif text_of(body.get("trigger_id")):
            view = notice_modal(text, self._language)
            self._replies.open(text_of(body["trigger_id"]), view)


def _enterprise(body: Json) -> str:
    return text_of(inner(body, "enterprise").get("id") or body.get("enterprise_id"))


def _is_removal(event: Json) -> bool:
    is_buried = inner(event, "message").get("subtype") == "tombstone"
    return event.get("subtype") == "message_deleted" or is_buried


def _json(answer: Json, body: Json) -> BoltResponse:
    if body.get("type") == "view_closed":
        return BoltResponse(status=HTTPStatus.OK, body="")
    return BoltResponse(status=HTTPStatus.OK, body=answer)


def _foreign(teams: tuple[str, ...], own: str) -> str:
    """The workspace worth remembering: another one, where one is named."""
    return next((team for team in teams if team not in ("", own)), own)
