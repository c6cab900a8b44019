"""Dialogs that were sent: each is one use case."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from bot.application.config import HouseRules
from bot.application.reviewed_answers.question_links import link_question
from bot.application.staff_desk.lifecycle import merge, open_for_client, resolve
from bot.application.staff_desk.replies import reply
from bot.application.staff_desk.triage import assign, set_priority, set_tags, snooze
from bot.application.staff_desk.words import Words, write_note
from bot.domain.addresses import StaffId
from bot.domain.errors import Refused
from bot.domain.text import clean
from bot.domain.tickets.reply_prefix import visible_words
from bot.wording import say
from handlers.slack.blocks.modals import NOBODY
from handlers.slack.calls import SlackCalls
from handlers.slack.client import Trouble
from handlers.slack.handling.buttons import choose_tag
from handlers.slack.handling.form_checks import tags_in
from handlers.slack.handling.request_actions import take_request_form
from handlers.slack.handling.staff_session import Doer
from handlers.slack.payloads.intents import Submitted
from handlers.slack.payloads.parsing import text_of
from handlers.slack.payloads.rich_text import words_of
from handlers.slack.people import People

PLACES = 3


class Submissions:
    """Takes dialogs; `attach` reads the message it is about once more."""

    def __init__(self, calls: SlackCalls, people: People, rules: HouseRules) -> None:
        self._calls = calls
        self._people = people
        self._rules = rules

    async def take(self, doer: Doer, form: Submitted) -> None:
        """Raises Refused: as the use case says."""
        if form.dialog == "attach":
            await self._attach(doer, form)
        elif form.dialog in _FORMS:
            await _FORMS[form.dialog](doer, form)
        else:
            await take_request_form(doer, form)

    async def _attach(self, doer: Doer, form: Submitted) -> None:
        """A message from elsewhere becomes a note of the ticket; no client sees it."""
        message = await self._message(form.places)
        user = text_of(message.get("user"))
        if user:
            await self._people.meet([user])
        said, _ = words_of(text_of(message.get("text")), message.get("blocks"))
        names = [f"📎 {file.get('name')}" for file in message.get("files") or ()]
        who = self._people.name_of(user) or user or "–"
        head = say("slack.attached", self._rules.staff_language, who=who)
        text = clean("\n".join([head, said, *names]))
        words = Words(text=text)
        await doer.do(write_note, ticket=form.values["ticket"], words=words)

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


async def _reply(doer: Doer, form: Submitted) -> None:
    await doer.do(reply, ticket=form.ref, words=_words(form))


async def _note(doer: Doer, form: Submitted) -> None:
    await doer.do(write_note, ticket=form.ref, words=_words(form))


async def _resolve(doer: Doer, form: Submitted) -> None:
    has_words = visible_words(form.values.get("text", ""))
    await doer.do(
        resolve,
        ticket=form.ref,
        resolution=form.values["resolution"],
        tags=tags_in(form.values["tags"]),
        last_words=_words(form) if has_words else None,
    )


async def _priority(doer: Doer, form: Submitted) -> None:
    await doer.do(set_priority, ticket=form.ref, priority=form.values["priority"])


async def _tags(doer: Doer, form: Submitted) -> None:
    await doer.do(set_tags, ticket=form.ref, tags=tags_in(form.values.get("tags", "")))


async def _assign(doer: Doer, form: Submitted) -> None:
    chosen = form.values["assignee"]
    await doer.do(assign, ticket=form.ref, to=None if chosen == NOBODY else StaffId(chosen))


async def _snooze(doer: Doer, form: Submitted) -> None:
    until = datetime.fromisoformat(form.values["until"])
    await doer.do(snooze, ticket=form.ref, until=until)


async def _merge(doer: Doer, form: Submitted) -> None:
    await doer.do(merge, ticket=form.ref, into=form.values["into"])


async def _new(doer: Doer, form: Submitted) -> None:
    await doer.do(open_for_client, client=form.values["client"], words=_words(form))


async def _home_tag(doer: Doer, form: Submitted) -> None:
    await choose_tag(doer, form.values.get("tag", ""))


async def _link(doer: Doer, form: Submitted) -> None:
    version, start = form.places[0], int(form.values["sentence"])
    await doer.do(link_question, question=form.ref, version=version, start=start)


def _words(form: Submitted) -> Words:
    return Words(text=form.values.get("text", "").strip())


_FORMS: dict[str, Callable[[Doer, Submitted], Awaitable[None]]] = {
    "reply": _reply,
    "note": _note,
    "resolve": _resolve,
    "priority": _priority,
    "tags": _tags,
    "assign": _assign,
    "snooze": _snooze,
    "merge": _merge,
    "new": _new,
    "home_tag": _home_tag,
    "question_link": _link,
}
