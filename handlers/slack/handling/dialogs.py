"""Opens dialogs while a trigger is fresh (three seconds), and answers what is typed in them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.application.bus import Bus
from bot.application.config import DeskConfig
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.staff_desk.home import choice_of
from bot.application.staff_desk.queries import the_ticket
from bot.application.staff_desk.readings import note_reading
from bot.application.staff_desk.staff import list_staff
from bot.application.views.message_routes import ticket_routes
from bot.application.views.ticket_card import TicketCard, card, last_words
from bot.domain.addresses import Actor, Language, TicketId
from bot.domain.errors import DeskError, Refused, Tampered
from bot.domain.staff import Staff
from bot.domain.text import reveal, shorten
from bot.wording import say
from bot.wording.refusals import refusal_text
from handlers.log_setup import log
from handlers.slack.blocks import modals
from handlers.slack.blocks.fulfilment_modals import (
    FINDINGS_PAGE,
    FULFILMENT_OPENING,
    findings_page,
    fulfilment_dialog,
)
from handlers.slack.blocks.modals import ReplyDraft
from handlers.slack.blocks.mrkdwn import Block
from handlers.slack.blocks.question_modals import (
    LINK,
    QUESTION_UPDATING,
    changed_dialog,
    question_dialog,
)
from handlers.slack.blocks.request_modals import (
    DETAILS,
    JUDGE,
    REQUEST_OPENING,
    REQUEST_UPDATING,
    history_dialog,
    request_dialog,
    write_down_modal,
)
from handlers.slack.client import SlackCalls, Trouble, code_of
from handlers.slack.handling.references import References
from handlers.slack.handling.registry import registered
from handlers.slack.handling.searches import Searches
from handlers.slack.handling.submissions import Submissions
from handlers.slack.handling.view_errors import not_opened
from handlers.slack.payloads.parsing import data_of, inner, text_of, values_of
from handlers.slack.people import People
from handlers.slack.rate_limits import TooBusy

Json = dict[str, Any]
LAST_WORDS = 600


@dataclass(frozen=True, slots=True)
class Change:
    """Something was picked or pressed in an open dialog."""

    view: Json
    verb: str
    chosen: str
    staff: Staff


class Dialogs:
    """Views for one person at a time."""

    def __init__(  # noqa: PLR0913  # the parts of the edge, given by name
        self,
        *,
        calls: SlackCalls,
        bus: Bus,
        rules: DeskConfig,
        people: People,
        references: References,
        forms: Submissions,
    ) -> None:
        self._calls = calls
        self._references = references
        self._forms = forms
        self.searches = Searches(bus, rules.staff_language)
        self._bus = bus
        self._rules = rules
        self._people = people

    @property
    def language(self) -> Language:
        return self._rules.staff_language

    async def open(self, trigger: str, verb: str, ref: str, staff: Staff) -> DeskError | None:
        """Open the dialog of a button, or say why not before anything is typed in it.

        Gives the refusal that was shown.

        Raises:
            NotOpened: Slack did not show it.
        """
        try:
            await self._forms.check_open(staff, verb, ref)
            view = await registered(OPENING, verb)(self, verb, ref, staff)
            if verb in READING:
                by, what = Actor.staff(staff.id), ref.partition(":")[0]
                await self._bus.handle(by, note_reading, what=what, door=verb)
        except (Refused, Tampered) as error:
            text = await self._references.readable(refusal_text(error, self.language))
            await self.show(trigger, modals.notice_modal(text, self.language))
            return error
        await self.show(trigger, view)
        return None

    async def open_new(self, trigger: str) -> None:
        await self.show(trigger, modals.new_modal(self.language))

    async def open_write_down(self, trigger: str) -> None:
        await self.show(trigger, write_down_modal(self.language))

    async def open_attach(self, trigger: str, places: list[str]) -> None:
        await self.show(trigger, modals.attach_modal(places, self.language))

    async def show(self, trigger: str, view: Block) -> None:
        """A trigger is good once, for three seconds. Raises NotOpened."""
        try:
            await self._calls.call("views.open", rank=0, trigger_id=trigger, view=view)
        except (*Trouble, TooBusy) as error:
            log(__name__, "dialog_not_opened", error=code_of(error))
            raise not_opened(error) from error

    async def change(self, body: Json, verb: str, chosen: str, staff: Staff) -> None:
        """Put a canned reply into the field, or show how the reply will read.

        Raises:
            Refused: what it is about is gone, or not for this person.
            NotOpened: Slack did not show the change.
        """
        view = inner(body, "view")
        changed = await registered(UPDATING, verb)(self, Change(view, verb, chosen, staff))
        try:
            await self._calls.call(
                "views.update", rank=0, view_id=text_of(view.get("id")), view=changed
            )
        except (*Trouble, TooBusy) as error:
            log(__name__, "dialog_not_changed", error=code_of(error))
            raise not_opened(error) from error

    async def readable(self, text: str) -> str:
        """Text for a dialog, which draws no mentions."""
        return await self._references.readable(text)

    async def canned(self, change: Change) -> Block:
        """A canned reply in place of what was typed."""
        draft = await self._draft_in(change.view, change.staff)
        text = self._canned(change.chosen, draft)
        return self._reply_modal(replace(draft, text=text, turn=draft.turn + 1))

    async def preview(self, change: Change) -> Block:
        """What was typed, as the client will read it."""
        draft = await self._draft_in(change.view, change.staff)
        typed = await self._references.typed(values_of(change.view).get("text", ""))
        words = reveal(typed.text.strip()) or "–"
        text = say("slack.preview_is", self.language, text=words)
        return self._reply_modal(replace(draft, preview=text))

    async def question(self, change: Change) -> Block:
        return await self._bus.look(
            changed_dialog, dialog=change.view, staff=change.staff.id, language=self.language
        )

    async def request_history(self, change: Change) -> Block:
        return await self._bus.look(history_dialog, chosen=change.chosen, rules=self._rules)

    async def request_dialog(self, verb: str, ref: str, staff: Staff) -> Block:
        return await self._bus.look(
            request_dialog, verb=verb, ref=ref, by=staff.id, rules=self._rules
        )

    async def fulfilment_dialog(self, verb: str, ref: str, _: Staff) -> Block:
        return await self._bus.look(fulfilment_dialog, verb=verb, ref=ref, rules=self._rules)

    async def findings_page(self, change: Change) -> Block:
        return await self._bus.look(findings_page, chosen=change.chosen, rules=self._rules)

    async def question_dialog(self, _: str, ref: str, staff: Staff) -> Block:
        return await self._bus.look(
            question_dialog, question=ref, staff=staff.id, language=self.language
        )

    async def tag_dialog(self, _verb: str, _ref: str, staff: Staff) -> Block:
        choice = await self._bus.look(choice_of, staff.id)
        return modals.tag_modal(choice.tag, self.language)

    async def reply_dialog(self, _: str, ref: str, staff: Staff) -> Block:
        draft = await self._bus.look(_draft, ticket=ref)
        return self._reply_modal(await self._signed(draft, staff))

    async def assign_dialog(self, _verb: str, ref: str, _staff: Staff) -> Block:
        shown = await self._bus.look(card, TicketId(ref))
        return modals.assign_modal(shown, await self._staff_names(), self.language)

    async def details_dialog(self, _verb: str, ref: str, _staff: Staff) -> Block:
        shown = await self._bus.look(card, TicketId(ref))
        routes = await self._bus.look(ticket_routes, ticket=ref)
        return modals.details_modal(shown.number, routes, self._rules.zone, self.language)

    async def card_dialog(self, verb: str, ref: str, _: Staff) -> Block:
        return OF_A_CARD[verb](await self._bus.look(card, TicketId(ref)), self.language)

    def _reply_modal(self, draft: ReplyDraft) -> Block:
        return modals.reply_modal(draft, self._rules.canned, self.language)

    async def _staff_names(self) -> list[tuple[str, str]]:
        people = await self._bus.look(list_staff)
        await self._people.meet(one.slack_user for one in people)
        named = [(one.id, self._people.name_of(one.slack_user) or one.slack_user) for one in people]
        return sorted(named, key=lambda each: each[1].casefold())

    async def _draft_in(self, view: Json, staff: Staff) -> ReplyDraft:
        data = data_of(view)
        draft = await self._bus.look(_draft, ticket=str(data.get("t", "")))
        draft = await self._signed(draft, staff)
        return replace(draft, turn=int(data.get("n") or 0))

    async def _signed(self, draft: ReplyDraft, staff: Staff) -> ReplyDraft:
        await self._people.meet([staff.slack_user])
        name = self._people.name_of(staff.slack_user)
        more = {"staff": name, "company": self._rules.company}
        return replace(draft, variables={**draft.variables, **more})

    def _canned(self, chosen: str, draft: ReplyDraft) -> str:
        language, _, name = chosen.partition(":")
        wanted = Language(language) if language in tuple(Language) else draft.language
        return self._rules.canned.get(name, wanted).filled(draft.variables)


OF_A_CARD: Mapping[str, Callable[[TicketCard, Language], Block]] = {
    "note": modals.note_modal,
    "resolve": modals.resolve_modal,
    "priority": modals.priority_modal,
    "tags": modals.tags_modal,
    "snooze": modals.snooze_modal,
    "merge": modals.merge_modal,
}
OPENING: Mapping[str, Callable[[Dialogs, str, str, Staff], Awaitable[Block]]] = {
    **dict.fromkeys(OF_A_CARD, Dialogs.card_dialog),
    **dict.fromkeys(REQUEST_OPENING, Dialogs.request_dialog),
    **dict.fromkeys(FULFILMENT_OPENING, Dialogs.fulfilment_dialog),
    "reply": Dialogs.reply_dialog,
    "assign": Dialogs.assign_dialog,
    "details": Dialogs.details_dialog,
    "home_tag": Dialogs.tag_dialog,
    LINK: Dialogs.question_dialog,
}
"""Presses that open a dialog."""
READING = frozenset({"reply", "details", DETAILS, JUDGE})
"""Those that show what a client said, or all that is known of a request: a reading of it."""
UPDATING: Mapping[str, Callable[[Dialogs, Change], Awaitable[Block]]] = {
    "canned": Dialogs.canned,
    "preview": Dialogs.preview,
    **dict.fromkeys(QUESTION_UPDATING, Dialogs.question),
    **dict.fromkeys(REQUEST_UPDATING, Dialogs.request_history),
    FINDINGS_PAGE: Dialogs.findings_page,
}
"""Presses within a dialog that change it."""


async def _draft(work: UnitOfWork, *, ticket: str) -> ReplyDraft:
    found = await the_ticket(work, ticket)
    account = await work.accounts.get(found.account)
    talk = await work.messages.of(found.id)
    return ReplyDraft(
        ticket=found.id,
        number=found.number,
        language=found.language,
        last_words=shorten(reveal(last_words(talk)), LAST_WORDS),
        variables={"client": account.display_name, "number": found.number},
    )
