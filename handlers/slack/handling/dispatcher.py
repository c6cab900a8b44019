"""Does what the inbox holds: each intent is one use case, in the name of whoever acted."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable

from bot.application.bus import FinishingBus, UpdateEnd
from bot.application.config import DeskConfig
from bot.application.outbound.to_staff import ShowCard, ShowRequestCard
from bot.application.ports.card_refs import CardRef
from bot.application.ports.queues import InboundUpdate
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import SYSTEM
from bot.domain.errors import NotAllowed, Refused, Stale, Tampered, Unavailable
from bot.wording import say
from bot.wording.refusals import refusal_text
from handlers.slack.access import AccessCheck
from handlers.slack.card_refs import forget_card, forget_request_card, ticket_at
from handlers.slack.ephemeral_replies import EphemeralReplies
from handlers.slack.handling.buttons import open_home_view
from handlers.slack.handling.registry import PRESSES, registered
from handlers.slack.handling.slow_commands import SlowCommands
from handlers.slack.handling.staff_session import StaffSession
from handlers.slack.handling.submissions import Submissions, typed_in
from handlers.slack.handling.thread_messages import Told, change_words, remove_words, take_words
from handlers.slack.handling.whole_messages import WholeMessages
from handlers.slack.payloads.intents import (
    Commanded,
    Edited,
    HomeOpened,
    Intent,
    Pressed,
    Removed,
    Said,
    Submitted,
    name_of,
    unpacked,
)

REMEMBERED = 1_000
ATTEMPTS = 3
"""Somebody may change the ticket at the same moment; then it is done again on the newer state."""


class IntentDispatcher:
    """What the inbox's worker calls for updates from Slack."""

    def __init__(  # noqa: PLR0913  # the parts of the edge, given by name
        self,
        *,
        access: AccessCheck,
        replies: EphemeralReplies,
        slow_commands: SlowCommands,
        submissions: Submissions,
        messages: WholeMessages,
        rules: DeskConfig,
    ) -> None:
        self._access = access
        self._replies = replies
        self._slow_commands = slow_commands
        self._submissions = submissions
        self._messages = messages
        self._failed: OrderedDict[str, None] = OrderedDict()
        self._rules = rules

    async def handle(self, inbound: InboundUpdate, bus: FinishingBus) -> None:
        """Deal with one update; a refusal is told to whoever acted, and is the end of it."""
        intent = unpacked(inbound.payload)
        bus.end = _end_of(intent, "done")
        if isinstance(intent, Removed) and intent.is_ours:
            await bus.handle(SYSTEM, note_removed_card, channel=intent.channel, ts=intent.ts)
            return
        try:
            session = StaffSession(await self._access.admit(intent.user), bus)
            await self._with_patience(lambda: self._do(session, intent))
        except NotAllowed as error:
            bus.end = _end_of(intent, "not_allowed", error.key)
            await self._access.keep_refusal(intent.user, _action_of(intent), error)
            await self._keep_refused(intent)
            self._tell(intent, refusal_text(error, self._rules.staff_language))
        except Refused as error:
            if _is_repeat(error):
                raise
            bus.end = _end_of(intent, "refused", error.key)
            await self._keep_refused(intent)
            self._tell(intent, refusal_text(error, self._rules.staff_language))
        except Unavailable:
            raise
        except Exception as error:
            self._say_once(inbound.key, intent, error)
            raise

    def _say_once(self, key: str, intent: Intent, error: Exception) -> None:
        """It is tried again some times; whoever waits is told at the first."""
        if key not in self._failed:
            self._failed[key] = None
            language = self._rules.staff_language
            is_tampered = isinstance(error, Tampered)
            failed = say("slack_words.work_failed", language)
            self._tell(intent, refusal_text(error, language) if is_tampered else failed)
        if len(self._failed) > REMEMBERED:
            self._failed.popitem(last=False)

    async def _keep_refused(self, intent: Intent) -> None:
        if isinstance(intent, Said):
            await self._access.keep_refused_words(intent.channel, intent.ts)

    async def _with_patience(self, work: Callable[[], Awaitable[None]]) -> None:
        for attempt in range(ATTEMPTS):
            try:
                return await work()
            except Stale as error:
                if _is_repeat(error) or attempt + 1 == ATTEMPTS:
                    raise
        return None

    async def _do(self, session: StaffSession, intent: Intent) -> None:
        match intent:
            case Said():
                self._told(intent, await take_words(session, intent, self._messages))
            case Edited():
                self._told(intent, await change_words(session, intent, self._messages))
            case Removed():
                await remove_words(session, intent)
            case Pressed():
                await registered(PRESSES, intent.verb)(session, intent)
            case Submitted():
                await self._take(session, intent)
            case HomeOpened():
                await open_home_view(session)
            case Commanded():
                await self._slow_commands.run(session, intent)

    async def _take(self, session: StaffSession, form: Submitted) -> None:
        if await self._submissions.take(session, form):
            text = say("slack_words.names_not_known", self._rules.staff_language)
            self._replies.whisper(form.user, "", "", text)

    def _told(self, intent: Said | Edited, told: Told) -> None:
        language = self._rules.staff_language
        if told.looked_like_a_reply:
            self._tell(intent, say("desk.looked_like_a_reply", language))
        if told.lost_files:
            names = ", ".join(told.lost_files)[:500]
            self._tell(intent, say("slack.files_not_sent", language, names=names))
        if told.kept_what_was_shared:
            self._tell(intent, say("slack_words.shared_not_sent", language))
        if told.is_vague:
            self._tell(intent, say("slack_words.names_not_known", language))

    def _tell(self, intent: Intent, text: str) -> None:
        """Where the person is, and for nobody else."""
        match intent:
            case Said():
                self._replies.whisper(intent.user, intent.channel, intent.thread_ts, text)
            case Pressed():
                self._replies.whisper(intent.user, intent.channel, intent.thread_ts, text)
            case Edited() | Removed():
                self._replies.whisper(intent.user, intent.channel, "", text)
            case Submitted() if words := typed_in(intent):
                head = say("slack_words.not_done", self._rules.staff_language, why=text)
                self._replies.hand_back(intent.user, head, words)
            case Commanded() if intent.response_url:
                self._replies.respond(intent.response_url, text)
            case _:
                self._replies.whisper(intent.user, "", "", text)


async def note_removed_card(work: UnitOfWork, *, channel: str, ts: str) -> None:
    """Somebody removed one of our posts: a card is put back, other posts stay away."""
    place = CardRef(channel, ts)
    if (request := await forget_request_card(work, card=place)) is not None:
        await work.outbox.put(ShowRequestCard(request, is_new=True))
        return
    ticket = await ticket_at(work, channel=channel, ts=ts)
    if ticket is None:
        return
    if await forget_card(work, ticket=ticket, card=place):
        await work.outbox.put(ShowCard(ticket))


def _action_of(intent: Intent) -> str:
    """What was tried: the button or the dialog by its name, anything else by its kind."""
    match intent:
        case Pressed():
            return intent.verb
        case Submitted():
            return intent.dialog
        case _:
            return name_of(intent)


def _end_of(intent: Intent, reason: str, refusal: str = "") -> UpdateEnd:
    action = _action_of(intent) if isinstance(intent, (Pressed, Submitted)) else ""
    return UpdateEnd(route=name_of(intent), reason=reason, action=action, refusal=refusal)


def _is_repeat(error: Refused) -> bool:
    return isinstance(error, Stale) and error.key == "store.already_done"
