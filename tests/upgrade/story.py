"""The story of a desk up to the moment of an upgrade: everything waits or is under way."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

from bot.application.outbound.to_client import (
    Choice,
    DeleteReply,
    Document,
    EditReply,
    Press,
    RemoveWord,
    Reply,
    Say,
)
from bot.application.outbound.to_mailbox import MailCode, MailNotice
from bot.application.outbound.to_staff import (
    Alert,
    PostLine,
    RefreshHome,
    ShowCard,
    ShowRequestCard,
    TellStaff,
    UpdatePost,
)
from bot.application.ports.queues import InboundUpdate, Lane
from bot.application.ports.tickets import TicketFilter
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.queues.inbox import LEASE, accept_and_claim
from bot.application.requests.decisions import approve
from bot.application.requests.objection_links import cutting_link, freeze_link
from bot.application.requests.request_context import Click, attempt_of, by_desk, clock_of
from bot.application.staff_desk.replies import reply
from bot.application.staff_desk.triage import snooze
from bot.application.staff_desk.words import Words
from bot.domain.addresses import SYSTEM, Actor, ClientAddress, Surface
from bot.domain.clients.people import Account
from bot.domain.identity.levels import Level
from bot.domain.requests.record import Identity, Subject
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestType
from bot.domain.tickets.message import Direction, Span
from bot.domain.tickets.states import TicketKind
from bot.domain.tickets.ticket import Ticket
from handlers.runtime.workers.inbox_worker import InboxWorker
from handlers.sandbox.slack import SlackServer
from handlers.sandbox.telegram import TelegramServer, VirtualUser
from tests.support.builders.requests import a_person, received
from tests.support.drivers.office import SUPPORT, Office
from tests.support.stores.stages import Stage, a_ticket

CLIENTS = ("Alice", "Carol", "Dina", "Rahima", "Farid")
FIRST_USER = 4_503_599_627_370_001


class ParkingWorker(InboxWorker):
    """An inbox that can be told to keep what comes and leave it there."""

    is_parked = False

    async def accept(self, inbound_updates: Sequence[InboundUpdate]) -> int:
        if not ParkingWorker.is_parked:
            return await super().accept(inbound_updates)
        await self._own_bus.handle(SYSTEM, accept_and_claim, inbound_updates, 0)
        return len(inbound_updates)


class Story:
    """Plays the story up to the moment of the upgrade."""

    def __init__(self, stage: Stage, telegram: TelegramServer, slack: SlackServer) -> None:
        self.stage, self.telegram, self.slack = stage, telegram, slack
        self.notes: dict[str, Any] = {}
        self.users: dict[str, VirtualUser] = {}

    async def play(self, office: Office) -> None:
        self.office = office
        await self._clients_arrive()
        await self._tickets()
        await self._requests()
        await self._a_dialog()
        await self._now_everything_waits()

    async def _clients_arrive(self) -> None:
        for number, name in enumerate(CLIENTS):
            user = self.telegram.user(FIRST_USER + number, name, language_code="en")
            self.users[name] = user
            await user.start()
            await self.office.hear()

    async def _tickets(self) -> None:
        """Two that are talked in, one that sleeps, one that is resolved and may be rated."""
        alice, carol, farid = (self.users[name] for name in ("Alice", "Carol", "Farid"))
        await self._talked_in("first", alice, "The router blinks red", ">> We look into it.")
        await self._talked_in("second", carol, "The June invoice is wrong", ">> Which line?")
        sleeping = await self.office.a_ticket(farid, "Please add a user")
        until = self.stage.clock.now() + timedelta(days=2)
        await self._as("U0BOB", snooze, ticket=sleeping.number, until=until)
        await self.office.hear()
        self.notes["sleeping"] = sleeping.number
        await self._resolved(alice)
        for words in ("/tickets", "/mydata", "/lang", "/policy", "How long do you keep my data?"):
            await self.users["Dina"].say(words)
            await carol.say("/tickets")
            await self.office.hear()

    async def _talked_in(self, name: str, client: VirtualUser, text: str, answer: str) -> None:
        ticket = await self.office.a_ticket(client, text)
        await self.office.says(self.office.bob, ticket, answer)
        await self.office.hear()
        await self.office.go_on(seconds=6)
        self.notes[name] = ticket.number

    async def _resolved(self, client: VirtualUser) -> None:
        office = self.office
        ticket = await office.a_ticket(client, "A second matter: a slow link")
        await office.clicks(office.bob, ticket, "Claim")
        await office.bob.click("Resolve", SUPPORT, (await office.place(ticket)).ts)
        await office.hear()
        await office.bob.submit({"resolution": "solved", "tags": "speed"})
        await office.hear()
        await office.go_on(seconds=6)
        self.notes["resolved"] = ticket.number

    async def _requests(self) -> None:
        """An erasure in its hold, a copy that waits for a proof, and a copy in review."""
        erasure = await self._request("Rahima", RequestType.ERASURE, upto="review")
        for approver in ("U0SAL", "U0BOB"):
            found = await self._now(erasure)
            plan = found.facts.plan_hash or ""
            click = Click(found.number, found.state_version)
            await self._as(approver, approve, click=click, plan=plan)
            await self.office.hear()
        copy = await self._request("Farid", RequestType.ACCESS, upto="review")
        waiting = await self._request("Carol", RequestType.ACCESS, upto="identity")
        await self.office.go_on(seconds=6)
        self.notes |= {"erasure": erasure.number, "copy": copy.number, "waiting": waiting.number}

        async def links(work: UnitOfWork) -> dict[str, str]:
            account = await self._account(work, "Carol")
            return {
                "freeze_token": await freeze_link(work, await work.requests.get(copy.id)),
                "cutting_link": await cutting_link(work, account.id),
            }

        self.notes |= await self.office.rig.desk.bus.handle(SYSTEM, links)

    async def _a_dialog(self) -> None:
        """Dina has chosen a category and written what happened, and did not press Send yet."""
        dina = self.users["Dina"]
        await dina.say("/new")
        await self.office.hear()
        await dina.tap("Technical problem")
        await self.office.hear()
        await dina.say("The line is dead since noon")
        await self.office.hear()

    async def _now_everything_waits(self) -> None:
        """From here on the desk only keeps what comes in, and puts what is to go out."""
        office, bus = self.office, self.office.rig.desk.own_bus
        first, second = await self._ticket("first"), await self._ticket("second")
        early = await office.says(office.bob, first, "note: an early note")
        await office.hear()
        ParkingWorker.is_parked = True
        await self.users["Alice"].say("The light is still red")
        await self.users["Carol"].tap(self.notes["second"])
        await office.rig.polling.once()
        await office.says(office.bob, first, ">> Please restart it.")
        await office.says(office.ann, second, "an internal note, not for the client")
        await office.bob.edit(early.ts, "note: an early note, corrected", SUPPORT)
        gone = await office.says(office.ann, second, "a note that is taken back")
        await office.ann.delete(gone.ts, SUPPORT)
        await self._presses_wait(first, second)
        reply_of_bob = Words(text="A reply that waits.")
        await self._as("U0BOB", reply, ticket=second.number, words=reply_of_bob)
        await bus.handle(SYSTEM, self._fill_outbox)
        await bus.handle(SYSTEM, self._die_while_saying)

    async def _presses_wait(self, first: Ticket, second: Ticket) -> None:
        office = self.office
        await office.ann.click("Claim", SUPPORT, (await office.place(second)).ts)
        await office.bob.click("Note", SUPPORT, (await office.place(first)).ts)
        await self._slack_is_heard()
        await office.bob.submit({"text": "by the dialog"})
        await office.bob.command("/desk away 2d", SUPPORT)
        await office.ann.open_home()
        await self._slack_is_heard()

    async def _slack_is_heard(self) -> None:
        await self.slack.settled()
        await self.office.edge.settled()

    async def _die_while_saying(self, work: UnitOfWork) -> None:
        """One word is on its way at the end: nobody knows whether it arrived."""
        now = work.clock.now()
        lane = Lane(kinds=(Say,))
        claimed = await work.outbox.claim(now, limit=1, lease_until=now + LEASE, lane=lane)
        assert len(claimed) == 1

    async def _fill_outbox(self, work: UnitOfWork) -> None:
        """One of each kind that no story above leaves waiting."""
        alice = await self._account(work, "Alice")
        first = await self._ticket_in(work, "first")
        bob = next(one for one in await work.staff.everyone() if one.slack_user == "U0BOB")
        said = [one for one in await work.messages.of(first.id) if one.direction is Direction.OUT]
        (copy,) = await work.requests.of_account((await self._account(work, "Farid")).id)
        person = copy.subject.person
        assert person is not None
        button = Choice("My tickets", Press("tickets"))
        spoken = Reply(text="Waiting words", spans=(Span("bold", 0, 7),), rows=((button,),))
        paper = Reply(text="A paper", document=Document("a.txt", "text/plain", "paper"))
        for delivery in (
            Say(alice.id, spoken),
            Say(alice.id, paper),
            EditReply(alice.id, said[0].id, said[0].version),
            RemoveWord(alice.id, "999999"),
            MailCode("0" * 32),
            MailNotice(person, "0" * 64, "A subject", "A text"),
            PostLine(first.id, "A line that waited"),
            TellStaff(bob.id, "A word that waited for Bob"),
            Alert("privacy", "An alert that waited"),
            UpdatePost(first.id, said[0].id),
            ShowCard(first.id),
            ShowRequestCard(copy.id),
            RefreshHome(bob.id),
        ):
            await work.outbox.put(delivery, holder=alice.holder)
        carol = await self._account(work, "Carol")
        second = await self._ticket_in(work, "second")
        spoken_of = [
            one for one in await work.messages.of(second.id) if one.direction is Direction.OUT
        ]
        await work.outbox.put(DeleteReply(carol.id, spoken_of[0].id), holder=carol.holder)

    async def _request(self, client: str, kind: RequestType, *, upto: str) -> DataRequest:
        bus = self.office.rig.desk.bus
        request = await bus.handle(SYSTEM, self._receive, client=client, kind=kind)
        if upto == "review":
            await bus.handle(SYSTEM, self._verify, request=request.id)
        await self.office.hear()
        return request

    async def _receive(self, work: UnitOfWork, *, client: str, kind: RequestType) -> DataRequest:
        account = await self._account(work, client)
        ticket = await a_ticket(work, account, subject=f"{kind} of {client}")
        ticket.kind = TicketKind.ERASURE if kind is RequestType.ERASURE else TicketKind.ACCESS
        email = f"{client.lower()}@client.example"
        person = await a_person(work, f"C-{client}", email=email)
        return await received(work, kind, Subject(person=person.id), ticket)

    async def _verify(self, work: UnitOfWork, *, request: Any) -> None:
        found = await work.requests.get(request)
        identity = Identity(level=Level.V4, at=work.clock.now(), subject=found.subject)
        found.verify(identity, await by_desk(work), clock_of(found))
        if found.kind is RequestType.ERASURE and found.account is not None:
            found.confirm(await attempt_of(work, Actor.account(found.account)))

    async def _as(self, user: str, use_case: Callable[..., Awaitable[Any]], **more: Any) -> None:
        async with self.stage.reading() as work:
            staff = next(one for one in await work.staff.everyone() if one.slack_user == user)
        await self.office.rig.desk.bus.handle(Actor.staff(staff.id), use_case, **more)

    async def _now(self, request: DataRequest) -> DataRequest:
        async with self.stage.reading() as work:
            return await work.requests.get(request.id)

    async def _account(self, work: UnitOfWork, client: str) -> Account:
        address = ClientAddress(Surface.TELEGRAM, str(self.users[client].id))
        found = await work.accounts.at(address)
        assert found is not None
        return found

    async def _ticket(self, name: str) -> Ticket:
        async with self.stage.reading() as work:
            return await self._ticket_in(work, name)

    async def _ticket_in(self, work: UnitOfWork, name: str) -> Ticket:
        (found,) = await work.tickets.find(TicketFilter(number_part=self.notes[name]))
        return found
