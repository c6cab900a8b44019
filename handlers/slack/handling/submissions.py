"""Dialogs that were sent: each is one use case."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.application.bus import Bus
from bot.application.config import DeskConfig
from bot.application.ports.desk import Clock
from bot.application.queues.inbox import was_kept
from bot.application.reviewed_answers.question_links import link_question, passage_at
from bot.application.staff_desk.lifecycle import may_be_merged, merge, open_for_client, resolve
from bot.application.staff_desk.queries import the_ticket
from bot.application.staff_desk.replies import reply
from bot.application.staff_desk.triage import assign, set_priority, set_tags, snooze
from bot.application.staff_desk.words import Words, write_note
from bot.domain.addresses import Language, StaffId
from bot.domain.errors import Refused, Tampered
from bot.domain.staff import Staff
from bot.domain.text import clean
from bot.domain.tickets.reply_prefix import visible_words
from bot.wording import say
from handlers.slack.blocks.modals import NOBODY
from handlers.slack.client import SlackCalls, Trouble
from handlers.slack.handling.buttons import choose_tag
from handlers.slack.handling.form_checks import (
    Form,
    Take,
    Wrong,
    tags_in,
    try_opening,
    try_out,
    with_its_end,
)
from handlers.slack.handling.fulfilment_actions import FULFILMENT_FORMS
from handlers.slack.handling.references import References
from handlers.slack.handling.registry import registered
from handlers.slack.handling.request_actions import REQUEST_FORMS
from handlers.slack.handling.staff_session import StaffSession
from handlers.slack.payloads.intents import Submitted
from handlers.slack.payloads.parsing import text_of
from handlers.slack.payloads.rich_text import words_of
from handlers.slack.payloads.shared_messages import shared_in
from handlers.slack.people import People

PLACES = 3
FAR_AWAY = "2999-01-01T00:00:00+00:00"
TYPED = ("text", "resolution", "reason", *(f"text_{language}" for language in Language))
"""Fields in which people write; the others hold choices."""


class Submissions:
    """Takes dialogs; `attach` reads the message it is about once more."""

    def __init__(  # noqa: PLR0913  # the parts of the edge, given by name
        self,
        *,
        calls: SlackCalls,
        people: People,
        references: References,
        rules: DeskConfig,
        clock: Clock,
        bus: Bus,
    ) -> None:
        self._calls = calls
        self._people = people
        self._references = references
        self._rules = rules
        self._clock = clock
        self._bus = bus
        self.forms: Mapping[str, Form] = forms(attach=self._attach)

    async def take(self, session: StaffSession, form: Submitted) -> bool:
        """Do it, ids and short codes in it by their names; whether a name was not to be had.

        Raises:
            Refused: as the use case says.
            Unavailable: a name must be asked for, and Slack does not answer now.
        """
        how = registered(self.forms, form.dialog)
        found = {
            name: await self._references.typed(text)
            for name, text in form.values.items()
            if name in TYPED
        }
        values = form.values | {name: one.text for name, one in found.items()}
        await how.take(session, replace(form, values=values))
        return any(one.is_vague for one in found.values())

    async def check_open(self, staff: Staff, verb: str, ref: str) -> None:
        """Whether this person could send that dialog now. Raises Refused."""
        how = self.forms.get(verb)
        if how is not None:
            form = Submitted(user=staff.slack_user, dialog=verb, ref=ref, values={})
            await try_opening(StaffSession(staff, self._bus.on_trial()), form, how)

    async def was_sent(self, key: str) -> bool:
        """Whether this very dialog was taken before: its answer was lost on the way."""
        return await self._bus.look(was_kept, key)

    async def checked(self, staff: Staff, form: Submitted) -> Submitted:
        """The form as the inbox keeps it. Raises Wrong: its use case would refuse it."""
        if form.dialog == "snooze":
            form = with_its_end(form, self._clock.now(), self._rules.zone)
        try:
            how = registered(self.forms, form.dialog)
        except (Refused, Tampered) as error:
            raise Wrong("", error) from error
        await try_out(StaffSession(staff, self._bus.on_trial()), form, how)
        return form

    async def _attach(self, session: StaffSession, form: Submitted) -> None:
        """A message from elsewhere becomes a note of the ticket; no client sees it."""
        message = await self._message(form.places)
        user = text_of(message.get("user"))
        if user:
            await self._people.meet([user])
        marked = words_of(text_of(message.get("text")), message.get("blocks"))
        said = (await self._references.named(*marked)).text
        names = [f"📎 {file.get('name')}" for file in message.get("files") or ()]
        names += [f"{by}: {words}" if by else words for by, words in _shared(message)]
        who = self._people.name_of(user) or user or "–"
        head = say("slack.attached", self._rules.staff_language, who=who)
        text = clean("\n".join([head, said, *names]))
        words = Words(text=text)
        await session.do(write_note, ticket=form.values["ticket"], words=words)

    async def _message(self, places: list[str]) -> dict[str, Any]:
        """Raises Refused: it is gone, or the desk is not in that channel."""
        channel, ts, thread = [*places, "", "", ""][:PLACES]
        try:
            one = {"channel": channel, "oldest": ts, "latest": ts, "inclusive": True, "limit": 5}
            if thread and thread != ts:
                answer = await self._calls.call("conversations.replies", ts=thread, **one)
            else:
                answer = await self._calls.call("conversations.history", **one)
        except Trouble as error:
            raise Refused("slack.message_not_found") from error
        found = [each for each in answer.get("messages") or () if each.get("ts") == ts]
        if not found:
            raise Refused("slack.message_not_found")
        return found[0]


def _shared(message: dict[str, Any]) -> list[list[str]]:
    return shared_in(message.get("attachments"))


async def _reply(session: StaffSession, form: Submitted) -> None:
    await session.do(reply, ticket=form.ref, words=_words(form))


async def _note(session: StaffSession, form: Submitted) -> None:
    await session.do(write_note, ticket=form.ref, words=_words(form))


async def _resolve(session: StaffSession, form: Submitted) -> None:
    last_words = _words(form)
    await session.do(
        resolve,
        ticket=form.ref,
        resolution=_shown(form, "resolution"),
        tags=tags_in(form.values.get("tags", "")),
        last_words=last_words if last_words.text else None,
    )


async def _priority(session: StaffSession, form: Submitted) -> None:
    await session.do(set_priority, ticket=form.ref, priority=form.values["priority"])


async def _tags(session: StaffSession, form: Submitted) -> None:
    await session.do(set_tags, ticket=form.ref, tags=tags_in(form.values.get("tags", "")))


async def _assign(session: StaffSession, form: Submitted) -> None:
    chosen = form.values["assignee"]
    await session.do(assign, ticket=form.ref, to=None if chosen == NOBODY else StaffId(chosen))


async def _snooze(session: StaffSession, form: Submitted) -> None:
    until = datetime.fromisoformat(form.values["until"])
    await session.do(snooze, ticket=form.ref, until=until)


async def _merge(session: StaffSession, form: Submitted) -> None:
    await session.do(merge, ticket=form.ref, into=form.values["into"])


async def _may_merge(session: StaffSession, form: Submitted) -> None:
    await session.do(may_be_merged, ticket=form.ref)


async def _new(session: StaffSession, form: Submitted) -> None:
    await session.do(open_for_client, client=form.values["client"], words=_words(form))


async def _home_tag(session: StaffSession, form: Submitted) -> None:
    await choose_tag(session, form.values.get("tag", ""))


async def _link(session: StaffSession, form: Submitted) -> None:
    version, start = _passage(form)
    await session.do(link_question, question=form.ref, version=version, start=start)


async def _find_passage(session: StaffSession, form: Submitted) -> None:
    """Who picked it is asked when it is done; to link it on trial would take long."""
    version, start = _passage(form)
    await session.bus.look(passage_at, version=version, start=start)


def _passage(form: Submitted) -> tuple[str, int]:
    start, (version, *_) = form.values.get("sentence", ""), [*form.places, ""]
    if not (start.isascii() and start.isdigit()):
        raise Refused("questions.pick_a_sentence", field="section")
    return version, int(start)


async def _find_ticket(session: StaffSession, form: Submitted) -> None:
    await session.bus.look(the_ticket, form.values.get("ticket", ""))


def _words(form: Submitted) -> Words:
    return Words(text=_shown(form, "text"))


def _shown(form: Submitted, name: str) -> str:
    """A field's text; characters that show nothing are nothing."""
    text = form.values.get(name, "").strip()
    return text if visible_words(text) else ""


def typed_in(form: Submitted) -> str:
    """What somebody wrote in a dialog, to be given back."""
    return "\n\n".join(form.values[name] for name in TYPED if form.values.get(name, "").strip())


def forms(*, attach: Take) -> Mapping[str, Form]:
    """Every dialog that can be sent, by its callback id."""
    return {
        "reply": Form(_reply, "text", probe={"text": "-"}),
        "note": Form(_note, "text", probe={"text": "-"}),
        "resolve": Form(_resolve, "resolution", probe={"resolution": "-", "tags": "-"}),
        "priority": Form(_priority, "priority", probe={"priority": "P3"}),
        "tags": Form(_tags, "tags", probe={"tags": "-"}),
        "assign": Form(_assign, "assignee", probe={"assignee": NOBODY}),
        "snooze": Form(_snooze, "span", probe={"until": FAR_AWAY}),
        "merge": Form(_merge, "into", may_open=_may_merge),
        "new": Form(_new, "client"),
        "attach": Form(attach, "ticket", ask=_find_ticket),
        "home_tag": Form(_home_tag, "tag"),
        "question_link": Form(_link, "sentence", ask=_find_passage),
        **REQUEST_FORMS,
        **FULFILMENT_FORMS,
    }
