"""Plays a case: what a client sends, by its fields, and what everybody sees of it then."""

import json
from dataclasses import dataclass, field
from typing import Any

from bot.application.outbound.to_staff import PostLine, PostMessage
from bot.application.ports.tickets import TicketFilter
from bot.application.views.thread_post import thread_post
from bot.domain.tickets.message import Direction
from bot.domain.tickets.ticket import Ticket
from handlers.sandbox.telegram import Bubble, TelegramServer, VirtualUser
from handlers.slack.blocks.message_blocks import post_sheets
from tests.support.drivers.rig import Rig

Json = dict[str, Any]


@dataclass
class Seen:
    """What stands where, after a case."""

    thread: str
    """All posts of the ticket's thread as staff see them, one below the other."""
    transcript: str
    csv: str
    jsonl: str
    told: list[Bubble] = field(default_factory=list)
    """What the desk said to the client because of the case."""
    posts: int = 0
    """How many posts and lines the thread has grown by."""


@dataclass
class CasePlayer:
    """One client with one open ticket, and one colleague."""

    rig: Rig
    telegram: TelegramServer
    client: VirtualUser

    async def plays(self, case: Json) -> Seen:
        """Play the steps of a case, then look everywhere."""
        if case["setup"] == "draft":
            await self._draft()
        else:
            await self.rig.opens_ticket(self.client)
        before = len(self.client.messages)
        self.rig.staff_side.carried.clear()
        for step in case["steps"]:
            await self._step(step)
        told = [one for one in self.client.messages[before:] if one.is_from_bot]
        if case["setup"] == "draft":
            await self.client.tap("Send")
            await self.rig.hear()
        return await self._look(told)

    async def _draft(self) -> None:
        await self.client.say("/new")
        await self.rig.hear()
        await self.client.tap("Technical problem")
        await self.rig.hear()

    async def _step(self, step: Json) -> None:
        if "wait" in step:
            await self.rig.go_on(seconds=step["wait"])
        elif "staff_reply" in step:
            bob = await self.rig.a_member()
            ticket = (await self.rig.tickets())[-1]
            await self.rig.staff_reply(bob, ticket.number, step["staff_reply"])
            await self.rig.go_on(seconds=10)
        else:
            await self._update(step["update"], step["content"])
            await self.rig.hear()

    async def _update(self, kind: str, content: Json) -> None:
        match kind:
            case "message":
                self.client.write_in(content.get("message_thread_id"))
                await self.client.send_raw(content)
            case "edited_message":
                edited = self.client.message(content["message_id"])
                await self.client.edit_raw(edited, content)
            case "message_reaction":
                emoji = [one["emoji"] for one in content["new_reaction"]]
                await self.client.react(self.client.last, *emoji)
            case _:
                raise AssertionError(kind)

    async def _look(self, told: list[Bubble]) -> Seen:
        await self.rig.go_on(seconds=5)
        side = self.rig.staff_side
        posts = len([*side.of(PostMessage), *side.of(PostLine)])
        ticket = (await self.rig.tickets())[-1]
        return Seen(
            thread=await self._thread(ticket),
            transcript=await self._transcript(ticket),
            csv=await self._export("csv"),
            jsonl=await self._export("jsonl"),
            told=told,
            posts=posts,
        )

    async def _thread(self, ticket: Ticket) -> str:
        rules, shown = self.rig.desk.rules, list[str]()
        for said in await self.rig.talk(ticket):
            if said.direction is not Direction.NOTE:
                post = await self.rig.desk.bus.look(thread_post, said.id)
                sheets = post_sheets(post, rules.zone, rules.staff_language, "Bob")
                shown += [_plain(sheet.blocks) for sheet in sheets]
        return "\n".join(shown)

    async def _transcript(self, ticket: Ticket) -> str:
        await self.client.say(f"/status {ticket.number}")
        await self.rig.hear()
        await self.client.tap("Transcript")
        await self.rig.hear()
        sent = self.client.last.file_id
        assert sent is not None
        file = self.telegram.file(sent)
        assert file is not None
        return file.content.decode()

    async def _export(self, form: str) -> str:
        which = TicketFilter()
        rows = self.rig.desk.records.export_tickets(which, form=form, personal=True)
        text = "".join([piece async for piece in rows])
        if form == "csv":
            return text
        talks = [json.loads(line)["talk"] for line in text.splitlines()]
        return json.dumps(talks, ensure_ascii=False)


def _plain(blocks: object) -> str:
    """All texts of blocks, in order."""
    match blocks:
        case str():
            return blocks
        case list():
            return "\n".join(filter(None, map(_plain, blocks)))
        case dict():
            held = {name: blocks[name] for name in ("text", "elements") if name in blocks}
            return "\n".join(filter(None, map(_plain, held.values())))
        case _:
            return ""
