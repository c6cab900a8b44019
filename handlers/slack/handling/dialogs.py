"""Opens dialogs while a trigger is fresh (three seconds), and answers what is typed in them."""

import json
from dataclasses import replace
from typing import Any

from bot.application.bus import Bus
from bot.application.config import HouseRules
from bot.application.ports import UnitOfWork
from bot.application.requests.intake import people_found
from bot.application.staff_desk.home import choice_of
from bot.application.staff_desk.queries import the_ticket
from bot.application.staff_desk.staff import list_staff
from bot.application.views.ticket_card import card
from bot.application.views.ticket_search import find_tickets, merge_targets
from bot.domain.addresses import Language, TicketId
from bot.domain.errors import Refused
from bot.domain.staff import Staff
from bot.domain.text import reveal, shorten
from bot.domain.tickets.message import Direction
from bot.domain.tickets.ticket import Ticket
from bot.wording import say
from bot.wording.refusals import refusal_text
from handlers.log_setup import log
from handlers.slack.blocks import modals
from handlers.slack.blocks.modals import ReplyDraft
from handlers.slack.blocks.mrkdwn import Block, option
from handlers.slack.blocks.question_modals import (
    LINK,
    QUESTION_UPDATING,
    changed_dialog,
    passage_options,
    question_dialog,
)
from handlers.slack.blocks.request_modals import (
    FIND_PERSON,
    REQUEST_OPENING,
    person_options,
    request_dialog,
    write_down_modal,
)
from handlers.slack.calls import SlackCalls
from handlers.slack.client import Trouble, code_of
from handlers.slack.payloads.parsing import inner, text_of, values_of
from handlers.slack.people import People
from handlers.slack.rate_limits import TooBusy

Json = dict[str, Any]
OPTIONS = 20
LAST_WORDS = 600
SIMPLE = {
    "note": modals.note_modal,
    "resolve": modals.resolve_modal,
    "priority": modals.priority_modal,
    "tags": modals.tags_modal,
    "snooze": modals.snooze_modal,
    "merge": modals.merge_modal,
}
OPENING = frozenset({*SIMPLE, "reply", "assign", "home_tag", LINK, *REQUEST_OPENING})
"""Presses that open a dialog."""
UPDATING = frozenset({"canned", "preview", *QUESTION_UPDATING})
"""Presses within a dialog that change it."""


class Dialogs:
    """Views for one person at a time."""

    def __init__(self, calls: SlackCalls, bus: Bus, rules: HouseRules, people: People) -> None:
        self._calls = calls
        self._bus = bus
        self._rules = rules
        self._people = people

    @property
    def language(self) -> Language:
        return self._rules.staff_language

    async def open(self, trigger: str, verb: str, ref: str, staff: Staff) -> None:
        """Open the dialog of a button."""
        try:
            view = await self._view(verb, ref, staff)
        except Refused as error:
            view = modals.notice_modal(refusal_text(error, self.language), self.language)
        await self.show(trigger, view)

    async def open_new(self, trigger: str) -> None:
        await self.show(trigger, modals.new_modal(self.language))

    async def open_write_down(self, trigger: str) -> None:
        await self.show(trigger, write_down_modal(self.language))

    async def open_attach(self, trigger: str, places: list[str]) -> None:
        await self.show(trigger, modals.attach_modal(places, self.language))

    async def show(self, trigger: str, view: Block) -> None:
        """A trigger is good once, for three seconds; too late: the person presses again."""
        try:
            await self._calls.call("views.open", rank=0, trigger_id=trigger, view=view)
        except (*Trouble, TooBusy) as error:
            log(__name__, "dialog_not_opened", error=code_of(error))

    async def change(self, body: Json, verb: str, chosen: str, staff: Staff) -> None:
        """Put a canned reply into the field, or show how the reply will read."""
        view = inner(body, "view")
        changed = await self._changed(view, verb, chosen, staff)
        try:
            await self._calls.call(
                "views.update", rank=0, view_id=text_of(view.get("id")), view=changed
            )
        except (*Trouble, TooBusy) as error:
            log(__name__, "dialog_not_changed", error=code_of(error))

    async def _changed(self, view: Json, verb: str, chosen: str, staff: Staff) -> Block:
        if verb in QUESTION_UPDATING:
            return await self._bus.look(
                changed_dialog, dialog=view, staff=staff.id, language=self.language
            )
        draft = await self._draft_in(view, staff)
        if verb == "canned":
            text = self._canned(chosen, draft)
            draft = replace(draft, text=text, turn=draft.turn + 1)
        else:
            typed = values_of(view).get("text", "")
            words = reveal(typed) or "–"
            draft = replace(draft, preview=say("slack.preview_is", self.language, text=words))
        return modals.reply_modal(draft, self._rules.canned, self.language)

    async def options(self, body: Json) -> list[Block]:
        """What a search field offers."""
        words = text_of(body.get("value")).strip()
        view, action = inner(body, "view"), text_of(body.get("action_id"))
        data, language = data_of(view), self.language
        if action in QUESTION_UPDATING:
            return await self._bus.look(
                passage_options, action=action, dialog=view, words=words, language=language
            )
        if action == FIND_PERSON:
            return person_options(await self._bus.look(people_found, words=words))
        look = self._bus.look
        if action == "find_merge":
            found = await look(_merge_targets, ticket=str(data.get("t", "")), words=words)
        else:
            found = await look(find_tickets, words or "live", limit=OPTIONS)
        return [
            option(ticket.number, ticket.id, shorten(reveal(ticket.subject), 70))
            for ticket in found
        ]

    async def _view(self, verb: str, ref: str, staff: Staff) -> Block:
        if verb in REQUEST_OPENING:
            return await self._bus.look(request_dialog, verb=verb, ref=ref, rules=self._rules)
        if verb == LINK:
            return await self._bus.look(
                question_dialog, question=ref, staff=staff.id, language=self.language
            )
        if verb == "home_tag":
            choice = await self._bus.look(choice_of, staff.id)
            return modals.tag_modal(choice.tag, self.language)
        if verb == "reply":
            draft = await self._bus.look(_draft, ticket=ref)
            draft = await self._signed(draft, staff)
            return modals.reply_modal(draft, self._rules.canned, self.language)
        shown = await self._bus.look(card, TicketId(ref))
        if verb == "assign":
            return modals.assign_modal(shown, await self._staff_names(), self.language)
        return SIMPLE[verb](shown, self.language)

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


def data_of(view: Json) -> Json:
    """A dialog's own data: ids."""
    try:
        data = json.loads(text_of(view.get("private_metadata")) or "{}")
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


async def _draft(work: UnitOfWork, *, ticket: str) -> ReplyDraft:
    found = await the_ticket(work, ticket)
    account = await work.accounts.get(found.account)
    talk = await work.messages.of(found.id)
    words = [said.body for said in talk if said.direction is Direction.IN and not said.deleted_at]
    return ReplyDraft(
        ticket=found.id,
        number=found.number,
        language=found.language,
        last_words=shorten(reveal(words[-1]), LAST_WORDS) if words else "",
        variables={"client": account.display_name, "number": found.number},
    )


async def _merge_targets(work: UnitOfWork, *, ticket: str, words: str) -> list[Ticket]:
    return await merge_targets(work, await the_ticket(work, ticket), words, limit=OPTIONS)
