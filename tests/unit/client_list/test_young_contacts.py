"""An address that has just changed opens nothing: every door, on the fakes and on both databases.

Somebody who can write the client list puts their own address in place of a client's. What was on
record hears of it at once, and nothing opens inside seven days without a person.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import pytest

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
from bot.domain.addresses import OPERATOR, SYSTEM, Actor, Language
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


@pytest.fixture
def office(stage: Stage) -> Office:
    return Office(stage)


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


Attack = Callable[[Office], Awaitable[None]]


async def imports_another_address(office: Office) -> None:
    await office.imports(a_row(mail=HIS, phone=HIS_PHONE))


async def imports_one_more_address(office: Office) -> None:
    row = a_row()
    await office.imports(replace(row, emails=(HERS, HIS), phones=(HER_PHONE, HIS_PHONE)))


async def asks_the_crm_for_another(office: Office) -> None:
    await office.asks_the_crm(email=HIS, phone=HIS_PHONE)


async def takes_two_steps(office: Office) -> None:
    await office.imports(a_row(mail="between@example.org", phone=""))
    await office.imports(a_row(mail=HIS, phone=HIS_PHONE))


async def blanks_and_then_fills(office: Office) -> None:
    await office.imports(a_row(mail="-", phone="-"))
    await office.imports(a_row(mail=HIS, phone=HIS_PHONE))


async def marks_as_removed_and_lists_again(office: Office) -> None:
    await office.asks_the_crm(removed="yes")
    await office.asks_the_crm(email=HIS, phone=HIS_PHONE)


async def changes_back_and_forth(office: Office) -> None:
    await office.imports(a_row(mail=HIS, phone=HIS_PHONE))
    await office.imports(a_row())
    office.stage.clock.go_on(hours=24)
    await office.imports(a_row(mail=HIS, phone=HIS_PHONE))


async def changes_the_phone_first(office: Office) -> None:
    await office.imports(a_row(mail="", phone=HIS_PHONE))
    await office.imports(a_row(mail=HIS, phone=HIS_PHONE))


async def takes_the_phone_away(office: Office) -> None:
    await office.imports(a_row(mail=HIS, phone="-"))


async def merges_a_record_of_his_own(office: Office) -> None:
    await office.imports(a_row("C-9", mail=HIS, phone=HIS_PHONE))
    office.stage.clock.go_on(hours=24 * 20)
    await office.merges("C-9", "C-1")


async def puts_it_on_a_record_of_his_own_too(office: Office) -> None:
    await office.imports(a_row("C-9", mail=HIS, phone=HIS_PHONE))
    await office.imports(a_row(mail=HIS, phone=HIS_PHONE))
    await office.merges("C-9", "C-1")


async def swaps_two_records(office: Office) -> None:
    await office.imports(a_row("C-9", mail=HIS, phone=HIS_PHONE))
    await office.imports(a_row(mail=HIS, phone=HIS_PHONE), a_row("C-9"))


async def changes_language_and_law_with_it(office: Office) -> None:
    row = a_row(mail=HIS, phone=HIS_PHONE)
    await office.imports(replace(row, language=Language.BN, regime="ccpa", company="", name="M"))


ATTACKS: tuple[Attack, ...] = (
    imports_another_address,
    imports_one_more_address,
    asks_the_crm_for_another,
    takes_two_steps,
    blanks_and_then_fills,
    marks_as_removed_and_lists_again,
    changes_back_and_forth,
    changes_the_phone_first,
    takes_the_phone_away,
    merges_a_record_of_his_own,
    puts_it_on_a_record_of_his_own_too,
    swaps_two_records,
    changes_language_and_law_with_it,
)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda one: one.__name__)
async def test_a_changed_address_opens_nothing_inside_seven_days_and_the_old_one_hears_of_it(
    office: Office, attack: Attack
):
    await office.imports(a_row())
    office.stage.clock.go_on(hours=24 * 400)
    office.told()

    await attack(office)

    assert {HERS, HIS} <= office.told()
    assert HERS in (await office.person()).emails
    office.stage.clock.go_on(hours=7 * 24 - 1)
    assert await opens(office, HIS, phone=HIS_PHONE) == []


async def test_whoever_is_imported_for_the_first_time_proves_themselves_at_once(office: Office):
    await office.imports(a_row())

    opened = await opens(office, HERS, phone=HER_PHONE)

    assert opened == [*(str(kind) for kind in RequestType), "older tickets"]
    assert office.told() == set()


async def test_a_first_address_of_a_person_who_had_none_is_young(office: Office):
    await office.imports(a_row(mail="", phone=""))

    await office.imports(a_row())

    assert await opens(office, HERS, phone=HER_PHONE) == []


async def test_a_young_address_proves_when_seven_days_are_over(office: Office):
    await office.imports(a_row())
    await office.imports(a_row(mail=HIS, phone=HIS_PHONE))

    office.stage.clock.go_on(hours=7 * 24)

    assert "older tickets" in await opens(office, HIS, phone=HIS_PHONE)


@pytest.mark.parametrize(
    ("mails", "phone"),
    [((HIS,), HER_PHONE), ((HIS, HERS), ""), ((HERS, HIS), "")],
    ids=["her phone", "her address then", "her address first"],
)
async def test_a_young_address_proves_together_with_an_older_one(
    office: Office, mails: tuple[str, ...], phone: str
):
    has_phone = HER_PHONE if phone else "-"
    await office.imports(a_row(phone=has_phone))
    await office.imports(a_row(mail=HIS, phone=""))

    assert "access" in await opens(office, *mails, phone=phone)
    assert "older tickets" in await opens(office, *mails, phone=phone)


@pytest.mark.parametrize("phone", ["", HER_PHONE], ids=["alone", "with the old phone"])
async def test_an_address_that_left_proves_nothing_by_itself(office: Office, phone: str):
    await office.imports(a_row())

    await office.imports(a_row(mail=HIS, phone=HIS_PHONE))

    assert await opens(office, HERS, phone=phone) == []


async def test_an_address_that_left_is_on_record_for_thirty_days_and_then_nowhere(office: Office):
    await office.imports(a_row())
    await office.imports(a_row(mail=HIS))

    office.stage.clock.go_on(hours=24 * 30 - 1)
    before = (await office.person()).emails
    office.stage.clock.go_on(hours=1)

    assert sorted(before) == [HIS, HERS]
    assert (await office.person()).emails == [HIS]
    assert await opens(office, HERS, phone=HER_PHONE) == []
    async with office.stage.writing() as work:
        assert await work.people.forget_contacts() == 1
        assert await work.people.forget_contacts() == 0


async def test_an_address_that_comes_back_in_time_keeps_its_age(office: Office):
    await office.imports(a_row())
    await office.imports(a_row(mail=HIS, phone=HIS_PHONE))
    office.told()

    await office.imports(a_row())

    assert "older tickets" in await opens(office, HERS, phone=HER_PHONE)
    assert office.told() == {HERS, HIS}


async def test_another_spelling_of_an_address_is_the_same_and_mail_goes_where_it_went(
    office: Office,
):
    await office.imports(a_row())

    await office.imports(a_row(mail="RAHIMA@EXAMPLE.COM"))

    assert (await office.person()).emails == [HERS]
    assert office.told() == set()
    assert "access" in await opens(office, HERS, phone=HER_PHONE)


async def test_a_proof_of_one_client_lends_nothing_to_the_proof_of_another(office: Office):
    await office.imports(a_row(), a_row("C-9", mail="own@example.net", phone=HIS_PHONE))
    await office.imports(a_row("C-9", mail=HIS, phone="-"))

    opened = await opens(office, HIS, HERS, phone=HIS_PHONE)

    assert "older tickets" not in opened
