"""How somebody who can change a client list would try to get their own address onto it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.domain.addresses import Language
from tests.unit.client_list.list_office import HER_PHONE, HERS, HIS, HIS_PHONE, Office, a_row

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
