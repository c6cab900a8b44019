"""A client over the fakes: says, taps, and reads what the desk said back."""

from dataclasses import dataclass, field
from itertools import count

from bot.answering.engine import Answer, Outcome, Quote
from bot.answering.language.words import Tongue
from bot.application.config import DeskConfig
from bot.application.conversation import api
from bot.application.conversation.inbound_message import Incoming, Profile
from bot.application.outbound.delivery import Delivery
from bot.application.outbound.to_client import Choice, Press, Reply, Say
from bot.application.ports.queues import Arrived, ClaimedDelivery, Outcome as Ending
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import SYSTEM, ClientAddress, Language, Surface
from bot.domain.clients.people import Account
from bot.domain.tickets.message import Attachment, Message
from bot.domain.tickets.ticket import Ticket
from tests.support.builders.desk import Desk, a_desk, a_member
from tests.support.drivers.whole_turns import settle_and_claim

POLICY = """Retention;

We keep your information for as long as is necessary. If you leave, we erase it.

Cookies;

We use cookies to remember you.
"""
KEPT = "We keep your information for as long as is necessary."
VERSION = "version-1"


@dataclass
class Talker:
    """One client with one chat; what the desk says is delivered after every act."""

    desk: Desk
    user: str = "alice"
    profile: Profile = field(default_factory=lambda: Profile(display_name="Alice"))
    replies: list[Reply] = field(default_factory=list)
    """Everything the desk has said, oldest first."""
    carried: list[Delivery] = field(default_factory=list)
    remotes: dict[str, str] = field(default_factory=dict)
    """The platform's id of each thing the desk said, by its text."""
    _ids: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def address(self) -> ClientAddress:
        return ClientAddress(Surface.TELEGRAM, self.user)

    @property
    def account(self) -> Account:
        rows = self.desk.store.accounts.values()
        return next(row for row in rows if row.address == self.address)

    @property
    def last(self) -> Reply:
        return self.replies[-1]

    @property
    def labels(self) -> list[str]:
        """The labels below the last thing the desk said."""
        return [choice.label for row in self.last.rows for choice in row]

    @property
    def tickets(self) -> list[Ticket]:
        rows = self.desk.store.tickets.values()
        return [row for row in rows if row.account == self.account.id]

    @property
    def ticket(self) -> Ticket:
        (only,) = self.tickets
        return only

    def talk(self, ticket: Ticket | None) -> list[Message]:
        wanted = ticket.id if ticket is not None else None
        rows = self.desk.store.messages.values()
        return [row for row in rows if row.ticket == wanted and row.account == self.account.id]

    def bodies(self, ticket: Ticket | None) -> list[str]:
        return [message.body for message in self.talk(ticket)]

    async def says(
        self, text: str = "", answer: Answer | None = None, /, **more: object
    ) -> list[Reply]:
        """Send a message; returns what the desk says to it."""
        remote = str(more.pop("remote_id", f"in-{next(self._ids)}"))
        incoming = Incoming(text=text, remote_id=remote, **more)  # pyright: ignore[reportArgumentType]
        return await self.sends(incoming, answer)

    async def sends(self, incoming: Incoming, answer: Answer | None = None) -> list[Reply]:
        await self.desk.bus.handle(
            SYSTEM,
            api.receive,
            address=self.address,
            incoming=incoming,
            answer=answer,
            profile=self.profile,
        )
        return await self.hears()

    async def edits(self, remote: str, text: str, **more: object) -> list[Reply]:
        incoming = Incoming(text=text, remote_id=remote, is_edit=True, **more)  # pyright: ignore[reportArgumentType]
        await self.desk.bus.handle(SYSTEM, api.receive, address=self.address, incoming=incoming)
        return await self.hears()

    async def sends_file(
        self, name: str = "router.jpg", text: str = "", **more: object
    ) -> list[Reply]:
        file = Attachment("photo", file_ref=f"ref-{name}", name=name)
        return await self.says(text, None, attachments=(file,), **more)

    async def taps(self, label: str) -> list[Reply]:
        """Press the button of that label, in the latest reply that has one."""
        return await self.presses(self.choice(label).press)

    async def presses(self, press: Press) -> list[Reply]:
        await self.desk.bus.handle(SYSTEM, api.press, address=self.address, press=press)
        return await self.hears()

    async def hears(self) -> list[Reply]:
        """Carry out everything that is due; each thing said gets an id of the platform."""
        said: list[Reply] = []
        claimed_deliveries: list[ClaimedDelivery] = []
        endings: list[tuple[ClaimedDelivery, Ending]] = []
        while True:
            claimed_deliveries = await self.desk.bus.handle(SYSTEM, settle_and_claim, endings, 50)
            if not claimed_deliveries:
                break
            endings = [(claimed, self._deliver(claimed, said)) for claimed in claimed_deliveries]
        self.replies += said
        return said

    async def wants_answer(self, text: str, **more: object) -> bool:
        return bool(await self.engine_question(text, **more))

    async def engine_question(self, text: str, **more: object) -> str:
        """What an edge would ask the engine before it hands this over."""
        incoming = Incoming(text=text, **more)  # pyright: ignore[reportArgumentType]
        look = self.desk.bus.look
        return await look(api.engine_question, address=self.address, incoming=incoming)

    def choice(self, label: str) -> Choice:
        for reply in reversed(self.replies):
            for row in reply.rows:
                for choice in row:
                    if choice.label == label:
                        return choice
        raise AssertionError(f"no button {label!r}")

    def _deliver(self, claimed: ClaimedDelivery, said: list[Reply]) -> Ending:
        self.carried.append(claimed.delivery)
        if not isinstance(claimed.delivery, Say) or claimed.delivery.account != self.account.id:
            return Arrived("slack")
        remote = f"out-{next(self._ids)}"
        said.append(claimed.delivery.reply)
        self.remotes[claimed.delivery.reply.text] = remote
        return Arrived(self.address.surface, ((self.address.user, remote),))

    async def opens_ticket(self, text: str = "No internet since this morning") -> Ticket:
        """Through the guided talk, as a client does."""
        await self.says("/new")
        await self.taps("Technical problem")
        await self.says(text)
        if "No, another matter" in self.labels:
            await self.taps("No, another matter")
        await self.taps("Send")
        return self.tickets[-1]

    async def staff_does(self, act: str, ticket: Ticket, *args: object) -> None:
        """Something a member of staff does to the ticket, by the name of the aggregate's method."""

        async def work_on(work: UnitOfWork) -> None:
            changed = await work.tickets.get(ticket.id)
            getattr(changed, act)(*args, work.clock.now())

        bob = await a_member(self.desk)
        await self.desk.bus.handle(bob, work_on)
        await self.hears()

    async def has_resolved(self, text: str = "No internet since this morning") -> Ticket:
        ticket = await self.opens_ticket(text)
        await self.staff_does("resolve", ticket, "Cable replaced", ("cable",))
        return self.desk.ticket(ticket.id)


async def a_talker(
    rules: DeskConfig | None = None, *, user: str = "alice", desk: Desk | None = None
) -> Talker:
    """A client who has pressed Start on a desk with a published policy."""
    own = desk or a_desk(rules)
    own.store.policies[VERSION] = POLICY
    own.store.published.append((VERSION, own.clock.now()))
    talker = Talker(own, user, Profile(display_name=user.capitalize()))
    await talker.says("/start")
    return talker


def an_answer(
    outcome: Outcome = Outcome.ANSWER, quote: str = KEPT, *, section: str | None = "Retention"
) -> Answer:
    start = POLICY.index(quote)
    quotes = (Quote(quote, section, start, start + len(quote)),)
    return Answer(
        question="?",
        outcome=outcome,
        language=Tongue.ENGLISH,
        confidence=0.9,
        quotes=() if outcome is Outcome.NOT_STATED else quotes,
        policy_version=VERSION,
    )


NOT_STATED = an_answer(Outcome.NOT_STATED)
CLOSEST = an_answer(Outcome.CLOSEST)
BANGLA = Language.BN


async def two_open(client: Talker) -> None:
    """Two matters, so that a word may belong to either."""
    await client.opens_ticket("No internet since this morning")
    await client.opens_ticket("The bill of October seems to be wrong")
