"""A person who leaves words that nobody else writes, everywhere a person may leave some."""

from dataclasses import dataclass
from datetime import timedelta

from bot.answering.questions import Question, QuestionLink
from bot.application.bus import Bus
from bot.application.outbound.to_client import Reply, Say
from bot.application.ports.queues import InboundUpdate
from bot.application.ports.tickets import Flow, TicketFilter
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.reactions import react
from bot.application.staff_desk.lifecycle import resolve
from bot.application.staff_desk.replies import edit_words, reply
from bot.application.staff_desk.words import MessageRef, Words, write_note
from bot.application.tickets.client_tickets import keep_client_change, open_ticket
from bot.application.tickets.openings import Opening
from bot.domain.addresses import (
    OPERATOR,
    AccountId,
    Actor,
    ClientAddress,
    Language,
    MessageId,
    PersonId,
    Surface,
    TicketId,
    new_id,
)
from bot.domain.clients.people import Account, Contact, Person
from bot.domain.tickets.message import Attachment, Direction, Message, Origin, Span
from bot.domain.tickets.states import TicketKind
from tests.support.stores.stages import Stage


@dataclass
class Traces:
    """Where the canaries went."""

    account: AccountId
    ticket: TicketId
    message: MessageId
    person: PersonId


CANARIES = {
    "platform id": "990017788123",
    "name": "Canary-Name-Quokka",
    "subject": "Canary-Subject-Axolotl",
    "words": "Canary-Words-Pangolin",
    "Bangla": "ক্যানারি-পেঙ্গুইন",
    "edited words": "Canary-Edit-Narwhal",
    "file": "canary-file-okapi.jpg",
    "file id": "canary-fileid-tapir",
    "link": "https://canary.example/ibis",
    "reply": "Canary-Reply-Lemur",
    "edited reply": "Canary-Edited-Reply-Gecko",
    "note": "Canary-Note-Bison",
    "resolution": "Canary-Resolution-Moose",
    "forwarder": "Canary-Forwarder-Civet",
    "quote": "Canary-Quote-Marmot",
    "flow": "Canary-Flow-Heron",
    "question": "Canary-Question-Stork",
    "said": "Canary-Said-Finch",
    "update": "Canary-Update-Raven",
    "chat": "chat:880055443322",
    "client number": "CANARY-EXT-7741",
    "person": "Canary-Person-Otter",
    "company": "Canary-Company-Beaver",
    "e-mail": "canary.owl@mail.example",
    "phone": "+8801700099911",
}


async def leave_traces(stage: Stage) -> Traces:
    """Everything a person may leave, by the real use cases where there are some."""
    bus = Bus(stage.open_work, react)
    by = Actor.account
    account, message = await bus.handle(OPERATOR, meet)
    opening = Opening(
        kind=TicketKind.SUPPORT,
        category="internet",
        subject=CANARIES["subject"],
        messages=(message,),
    )
    ticket = await bus.handle(by(account.id), open_ticket, account=account, opening=opening)
    changed = f"{CANARIES['words']} {CANARIES['Bangla']}"
    spans = [Span("text_link", 0, 3, CANARIES["link"])]
    message.edit(changed, tuple(spans), message.at)
    message.origin = Origin(kind="user", name=CANARIES["forwarder"], quote=CANARIES["quote"])
    await bus.handle(by(account.id), keep_client_change, message=message)
    answer = await bus.handle(
        OPERATOR,
        reply,
        ticket=ticket.number,
        words=Words(text=CANARIES["reply"], written_at=MessageRef("C1", "1.5")),
    )
    await bus.handle(
        OPERATOR, edit_words, message=answer, text=f"{CANARIES['edited reply']} (was: reply)"
    )
    await bus.handle(OPERATOR, write_note, ticket=ticket.number, words=Words(text=CANARIES["note"]))
    await bus.handle(
        OPERATOR, resolve, ticket=ticket.number, resolution=CANARIES["resolution"], tags=["line"]
    )
    person = await bus.handle(OPERATOR, the_rest, account=account, message=message.id)
    return Traces(account.id, ticket.id, message.id, person)


async def meet(work: UnitOfWork) -> tuple[Account, Message]:
    """A client writes for the first time."""
    account = Account(
        id=AccountId(new_id()),
        address=ClientAddress(Surface.TELEGRAM, CANARIES["platform id"]),
        display_name=CANARIES["name"],
        language=Language.EN,
        created_at=work.clock.now(),
    )
    await work.accounts.add(account)
    message = Message(
        id=MessageId(new_id()),
        account=account.id,
        ticket=None,
        direction=Direction.IN,
        author=Actor.account(account.id),
        body=CANARIES["edited words"],
        at=work.clock.now(),
        spans=(Span("text_link", 0, 3, CANARIES["link"]),),
        attachments=(Attachment("photo", CANARIES["file id"], CANARIES["file"], "image/jpeg", 9),),
    )
    await work.messages.add(message)
    return account, message


async def the_rest(work: UnitOfWork, *, account: Account, message: MessageId) -> PersonId:
    """What the edges keep, and the company's own list."""
    now = work.clock.now()
    await work.messages.link(message, "telegram", CANARIES["platform id"], "77")
    await work.messages.link_ticket(TicketId("t"), "telegram", CANARIES["platform id"], "78")
    await work.flows.put(account.id, a_flow(work))
    await work.outbox.put(a_word(CANARIES["said"], account.id), holder=account.holder)
    came = InboundUpdate(
        key="tg:1:1",
        source="telegram",
        conversation=CANARIES["chat"],
        payload=CANARIES["update"],
    )
    await work.inbox.accept([came], now)
    await work.questions.add(
        Question(
            id=new_id(),
            at=now,
            text=CANARIES["question"],
            language="en",
            outcome="answer",
            policy_version="a" * 64,
        )
    )
    asked = CANARIES["question"]
    link = QuestionLink(
        id=new_id(), at=now, question=asked, digest="", sentence=None, policy_version=""
    )
    await work.links.add(link)
    person = Person(
        id=PersonId(new_id()),
        external_id=CANARIES["client number"],
        name=CANARIES["person"],
        company=CANARIES["company"],
        language=Language.BN,
        regime="gdpr",
        created_at=now,
        contacts=(
            Contact(kind="email", value=CANARIES["e-mail"]),
            Contact(kind="phone", value=CANARIES["phone"]),
        ),
    )
    await work.people.add(person)
    return person.id


def a_flow(work: UnitOfWork) -> Flow:
    expires = work.clock.now() + timedelta(hours=1)
    return Flow(name="new", step="text", data={"text": CANARIES["flow"]}, expires_at=expires)


def a_word(text: str, account: AccountId = AccountId("a")) -> Say:  # noqa: B008  # a plain string
    return Say(account, Reply(text=text))


async def all_that_can_be_read(work: UnitOfWork, traces: Traces) -> str:
    """Everything of these holders that the repositories hand out, as one text."""
    ticket = await work.tickets.get(traces.ticket)
    return repr(
        [
            await work.accounts.get(traces.account),
            await work.tickets.find(TicketFilter(account=traces.account)),
            await work.messages.of(traces.ticket),
            await work.messages.loose(traces.account),
            await work.messages.links(traces.message, "telegram"),
            await work.flows.of(traces.account),
            await work.log.of(ticket.stream),
            await work.people.get(traces.person),
            await work.people.find(),
        ]
    )
