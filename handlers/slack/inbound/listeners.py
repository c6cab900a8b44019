"""Every kind of listener, once each: narrow, keep in the inbox, acknowledge.

What changes something is safe in the inbox before Slack hears that it arrived; what needs an answer
at once (a dialog, the options of a menu, the words of a command) is answered here.
"""

import logging
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse

from bot.application.bus import UpdateEnd
from bot.application.ports.queues import InboundUpdate
from bot.domain.addresses import Language
from bot.domain.errors import NotAllowed, Unavailable
from bot.domain.staff import Staff
from bot.wording.refusals import refusal_text
from handlers.log_setup import log
from handlers.slack.access import AccessCheck
from handlers.slack.client import build_client
from handlers.slack.ephemeral_replies import EphemeralReplies
from handlers.slack.handling.commands import KEPT, WORDS, Answer, Commands
from handlers.slack.handling.dialogs import OPENING, UPDATING, Dialogs
from handlers.slack.handling.form_checks import Wrong
from handlers.slack.handling.submissions import Submissions
from handlers.slack.inbound.app_events import ABOUT_THE_APP, AppEvents
from handlers.slack.inbound.press_answers import PressAnswers
from handlers.slack.inbound.watched_app import Ended, WatchedApp
from handlers.slack.payloads import parsing
from handlers.slack.payloads.intents import (
    Commanded,
    HomeOpened,
    Intent,
    Pressed,
    Submitted,
    packed,
)
from handlers.slack.payloads.parsing import Json, inner, text_of
from handlers.slack.workspace import Workspace
from handlers.update_log import log_end

Accept = Callable[[Sequence[InboundUpdate]], Awaitable[int]]
EVERYTHING = re.compile(".*")
COMMAND = "/desk"
ATTACH = "attach_to_ticket"
SOURCE = "slack"
TRIGGERS = 2_000
"""How many triggers are remembered: Slack may repeat one, and each is good once."""


class Listeners:
    """The listeners of the app."""

    def __init__(  # noqa: PLR0913  # the parts of the edge, given by name
        self,
        *,
        accept: Accept,
        workspace: Workspace,
        access: AccessCheck,
        dialogs: Dialogs,
        submissions: Submissions,
        commands: Commands,
        replies: EphemeralReplies,
        app_events: AppEvents,
        ended: Ended,
        language: Language,
    ) -> None:
        self._accept = accept
        self._workspace = workspace
        self._access = access
        self._dialogs = dialogs
        self._submissions = submissions
        self._commands = commands
        self._replies = replies
        self._app_events = app_events
        self._ended = ended
        self._answers = PressAnswers(replies, language)
        self._language = language
        self._triggers: OrderedDict[str, None] = OrderedDict()

    def build(self, base_url: str, signing_secret: str, token: str) -> AsyncApp:
        """The Bolt app. It acknowledges only after a listener is through."""

        async def authorize() -> AuthorizeResult:
            own = self._workspace
            return AuthorizeResult(
                enterprise_id=own.enterprise or None,
                team_id=own.team,
                bot_id=own.bot,
                bot_user_id=own.bot_user,
                bot_token=token,
            )

        app = WatchedApp(
            name="privacydesk",
            logger=_quiet(),
            client=build_client(base_url, None, None),
            signing_secret=signing_secret or "unused",
            authorize=authorize,
            process_before_response=True,
            ignoring_self_events_enabled=False,
            ssl_check_enabled=False,
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
        app.use(self._access.check)
        app.event(EVERYTHING)(self.event)
        app.action(EVERYTHING)(self.action)
        app.view(EVERYTHING)(self.submission)
        app.view_closed(EVERYTHING)(self.closed)
        app.options(EVERYTHING)(self.options)
        app.shortcut(EVERYTHING)(self.shortcut)
        app.command(EVERYTHING)(self.command)
        app.error(_failed)
        app.on_end = self._ended
        return app

    async def event(self, body: Json) -> None:
        """Slack is told of its arrival when this returns."""
        event = inner(body, "event")
        key = parsing.event_key(self._workspace.team, body)
        match event.get("type"):
            case "message" if event.get("channel") in self._workspace.channels:
                await self._heard(event, key)
            case "app_home_opened" if event.get("tab", "home") == "home":
                user = parsing.user_of(body)
                await self._keep(key, f"home:{user}", HomeOpened(user=user))
            case kind if kind in ABOUT_THE_APP:
                self._replies.aside(self._app_events.hear(event))
            case _:
                return

    async def action(self, ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        """A press: it opens or changes a dialog, or goes into the inbox; always with an answer."""
        actions, staff = body.get("actions"), context["staff"]
        for action in actions if isinstance(actions, list) else ():
            verb, ref = parsing.verb_of(action)
            chosen = parsing.chosen_of(action)
            if verb in OPENING:
                if self._is_new(body):
                    self._answers.aside(body, self._open(body, verb, ref, staff))
            elif verb in UPDATING:
                self._answers.aside(body, self._dialogs.change(body, verb, chosen, staff))
            else:
                await self._answers.or_told(body, self._pressed(body, verb, ref, chosen))
        await ack()

    async def submission(self, ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        """Checked, kept, closed; or told what is wrong with it, with what was typed still there."""
        view = inner(body, "view")
        data, staff = parsing.data_of(view), context["staff"]
        form = Submitted(
            user=parsing.user_of(body),
            dialog=text_of(view.get("callback_id")),
            ref=text_of(data.get("t")),
            values=parsing.values_of(view),
            places=[str(each) for each in data.get("p") or ()],
        )
        key = parsing.view_key(view)
        try:
            if not await self._submissions.was_sent(key):
                form = await self._submissions.checked(staff, form)
                await self._keep(key, f"ticket:{form.ref}", form)
        except Wrong as wrong:
            if isinstance(wrong.why, NotAllowed):
                await self._access.keep_refusal(form.user, form.dialog, wrong.why)
            text = await self._dialogs.readable(refusal_text(wrong.why, self._language))
            _told("Submitted", "refused", form.dialog, wrong.why.key)
            await ack(**self._answers.shown_in(view, wrong.field, text))
            return
        except Unavailable as error:
            await ack(**self._answers.shown_in(view, "", self._answers.kept_here(error)))
            return
        await ack(response_action="clear")

    async def closed(self, ack: AsyncAck) -> None:
        await ack()

    async def options(self, ack: AsyncAck, body: Json) -> None:
        await ack(options=await self._dialogs.searches.options(body))

    async def shortcut(self, ack: AsyncAck, body: Json) -> None:
        """`Attach to ticket` on a message."""
        if body.get("callback_id") == ATTACH and body.get("message") and self._is_new(body):
            message = inner(body, "message")
            places = [
                text_of(inner(body, "channel").get("id")),
                text_of(message.get("ts")),
                text_of(message.get("thread_ts")),
            ]
            trigger = text_of(body.get("trigger_id"))
            self._answers.aside(body, self._dialogs.open_attach(trigger, places))
        await ack()

    async def command(self, ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        """`/desk`: what can be told at once is told at once."""
        word, _, rest = text_of(body.get("text")).strip().partition(" ")
        word = word.lower() or "help"
        staff: Staff = context["staff"]
        if word in ("new", "request"):
            if self._is_new(body):
                own = self._dialogs
                open_it = own.open_new if word == "new" else own.open_write_down
                self._answers.aside(body, open_it(text_of(body.get("trigger_id"))))
            await ack()
        elif word in KEPT:
            intent = Commanded(
                user=staff.slack_user,
                word=word,
                rest=rest.strip(),
                channel=text_of(body.get("channel_id")),
                response_url=text_of(body.get("response_url")),
            )
            key = parsing.trigger_key(self._workspace.team, body)
            await self._answers.or_told(body, self._keep(key, f"command:{staff.id}", intent))
            await ack()
        else:
            text, blocks = await self._answer(word, rest.strip(), staff)
            _told("Commanded", "done", word if word in WORDS else "unknown")
            await ack(text=text, blocks=blocks, response_type="ephemeral")

    async def _answer(self, word: str, rest: str, staff: Staff) -> Answer:
        try:
            return await self._commands.answer(word, rest, staff)
        except Unavailable as error:
            return self._answers.not_now(error), []

    async def _heard(self, event: Json, key: str) -> None:
        intent: Intent | None = parsing.removed_of(event, self._workspace.bot)
        if parsing.is_own(event, self._workspace.bot, self._workspace.bot_user) and not intent:
            return
        if intent is None and event.get("subtype") == "message_changed":
            intent = parsing.edited_of(event)
        elif intent is None:
            intent = parsing.said_of(event)
        if intent is not None:
            thread = parsing.thread_of(event) or intent.ts
            await self._keep(key, f"{intent.channel}:{thread}", intent)

    async def _open(self, body: Json, verb: str, ref: str, staff: Staff) -> None:
        trigger = text_of(body.get("trigger_id"))
        refusal = await self._dialogs.open(trigger, verb, ref, staff)
        if isinstance(refusal, NotAllowed):
            await self._access.keep_refusal(staff.slack_user, verb, refusal)

    async def _pressed(self, body: Json, verb: str, ref: str, chosen: str) -> None:
        container = inner(body, "container")
        channel = text_of(container.get("channel_id") or inner(body, "channel").get("id"))
        intent = Pressed(
            user=parsing.user_of(body), verb=verb, ref=ref, channel=channel, chosen=chosen
        )
        thread = text_of(container.get("thread_ts"))
        place = thread or text_of(container.get("message_ts"))
        order = f"{channel}:{place}" if channel else f"home:{intent.user}"
        key = parsing.trigger_key(self._workspace.team, body)
        await self._keep(key, order, replace(intent, thread_ts=thread))

    async def _keep(self, key: str, conversation: str, intent: Intent) -> None:
        """In the inbox: a crash from now on loses nothing, a repeat changes nothing."""
        inbound = InboundUpdate(
            key=key, source=SOURCE, conversation=f"slack:{conversation}", payload=packed(intent)
        )
        await self._accept([inbound])

    def _is_new(self, body: Json) -> bool:
        trigger = text_of(body.get("trigger_id"))
        if trigger in self._triggers:
            return False
        self._triggers[trigger] = None
        if len(self._triggers) > TRIGGERS:
            self._triggers.popitem(last=False)
        return True


def _told(route: str, reason: str, action: str, refusal: str = "") -> None:
    """What was answered at once is in no inbox."""
    log_end("slack", UpdateEnd(route=route, reason=reason, action=action, refusal=refusal))


def _quiet() -> logging.Logger:
    """Bolt's own words hold whole requests, and it takes its level from the root's."""
    logger = logging.getLogger(f"{__name__}.bolt")
    logger.setLevel(logging.ERROR)
    return logger


async def _failed(error: Exception) -> BoltResponse:
    """The one boundary of the listeners: not acknowledged, so Slack brings it again."""
    log(__name__, "listener_failed", error=type(error).__name__)
    return BoltResponse(status=503, body="")
