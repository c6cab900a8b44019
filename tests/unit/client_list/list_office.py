"""An office whose client list is changed, and what a stranger can prove with it."""

from dataclasses import dataclass

from bot.application.bus import Bus
from bot.application.client_list.importer import Removal, RowReader, import_rows
from bot.application.client_list.merge import known_person, merge_people
from bot.application.client_list.rows import ClientRow, RawRow
from bot.application.outbound.to_mailbox import MailNotice
from bot.application.ports.queues import ClaimedDelivery
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.reactions import react
from bot.application.requests.intake import take
from bot.application.requests.mail import Letter, write_notice
from bot.application.requests.verification import account_link_proof, process
from bot.application.requests.verification.account_link_proof import LinkProgress, LinkStep
from bot.application.requests.verification.claimed_address import claim_of
from bot.application.requests.verification.process import ProofStep
from bot.domain.addresses import OPERATOR, SYSTEM, Actor
from bot.domain.clients.people import Account, Person
from bot.domain.identity.phones import SharedContact
from bot.domain.requests.record import Proofs
from bot.domain.requests.states import RequestType
from tests.support.builders.deliveries import claim
from tests.support.stores.stages import Stage, an_account

HERS, HER_PHONE = "rahima@example.com", "+8801712345678"
HIS, HIS_PHONE = "mallory@example.net", "+8801812345678"


@dataclass
class Office:
    """A desk, and what may be done to its client list."""

    stage: Stage

    def __post_init__(self) -> None:
        self.bus = Bus(self.stage.open_work, react)
        self.letters = list[Letter]()

    async def imports(self, *rows: ClientRow) -> None:
        await self.bus.handle(OPERATOR, import_rows, rows=rows)
        await self._carry()

    async def asks_the_crm(self, **cells: str) -> None:
        """As the desk's own timer does."""
        cells = {"external_id": "C-1", "name": "Rahima", **cells}
        rows, _ = RowReader(Removal.MARKED).read([RawRow(1, cells)])
        await self.bus.handle(SYSTEM, import_rows, rows=rows)
        await self._carry()

    async def merges(self, gone: str, into: str) -> None:
        await self.bus.handle(OPERATOR, merge_people, gone=gone, into=into)
        await self._carry()

    async def person(self, external_id: str = "C-1") -> Person:
        return await self.bus.look(known_person, external_id)

    def told(self) -> set[str]:
        """Who was written to since it was asked last."""
        addresses = {letter.to for letter in self.letters}
        self.letters.clear()
        return addresses

    async def _carry(self) -> None:
        while found := await claim(self.stage, limit=100):
            for claimed in found:
                await self._arrives(claimed)

    async def _arrives(self, claimed: ClaimedDelivery) -> None:
        if isinstance(claimed.delivery, MailNotice):
            letter = await self.bus.handle(SYSTEM, write_notice, notice=claimed.delivery)
            self.letters += [letter] if letter else []
        async with self.stage.writing() as work:
            await work.outbox.finish(claimed.id, work.clock.now())


def a_row(external_id: str = "C-1", *, mail: str = HERS, phone: str = HER_PHONE) -> ClientRow:
    """`-` takes away, nothing leaves what stands."""
    emails, phones = (None if not one else () if one == "-" else (one,) for one in (mail, phone))
    return ClientRow(line=2, external_id=external_id, name="X", emails=emails, phones=phones)


async def opens(office: Office, *mails: str, phone: str = "") -> list[str]:
    """What a stranger's chat proves with codes to these addresses, and with that phone."""
    account = await office.bus.handle(SYSTEM, an_account)
    by = Actor.account(account.id)
    opened = [
        str(kind)
        for kind in RequestType
        if await office.bus.handle(by, _asks, who=account, kind=kind, mails=mails, phone=phone)
    ]
    stranger = await office.bus.handle(SYSTEM, an_account)
    by = Actor.account(stranger.id)
    shown = await office.bus.handle(by, _links, who=stranger, mails=mails, phone=phone)
    return [*opened, *(["older tickets"] if shown.step is LinkStep.LINKED else [])]


async def _asks(
    work: UnitOfWork, *, who: Account, kind: RequestType, mails: tuple[str, ...], phone: str
) -> bool:
    request = await take(work, account=who, kind=kind)
    step = ProofStep.EMAIL
    for mail in mails:
        typed = await claim_of(work, mail)
        step = await process.accept_code(work, account=who, request=request, claim=typed)
        if request.is_verified:
            return True
    if step is ProofStep.PHONE and phone:
        await process.take_contact(work, account=who, request=request, contact=_own(phone))
        step = await process.go_on(work, account=who, request=request)
    if step is ProofStep.PHONE:
        await process.decline_phone(work, account=who, request=request)
    return request.is_verified


async def _links(
    work: UnitOfWork, *, who: Account, mails: tuple[str, ...], phone: str
) -> LinkProgress:
    shown = LinkProgress(Proofs(), LinkStep.IMPOSSIBLE)
    for mail in mails:
        typed = await claim_of(work, mail)
        shown = await account_link_proof.take_code(
            work, account=who, claim=typed, earlier=shown.proofs
        )
    if shown.step is LinkStep.PHONE and phone:
        shown = await account_link_proof.take_number(
            work, account=who, proofs=shown.proofs, contact=_own(phone)
        )
    return shown


def _own(phone: str) -> SharedContact:
    return SharedContact(
        phone=phone, user_id=4711, sender_id=4711, is_private=True, is_forwarded=False
    )
