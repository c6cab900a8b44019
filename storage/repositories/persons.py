"""Persons of the client list and their contacts in the database."""

from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.application.ports.desk import Clock
from bot.domain.addresses import AccountId, Language, PersonId, new_id
from bot.domain.clients.people import Contact, Person
from bot.domain.errors import NotFound, Stale
from storage import statements
from storage.checks import row_sets
from storage.guarding.guard import guard_of
from storage.models.people import AccountRow, ContactRow, PersonRow
from storage.vault import UnknownHolder, Vault

UNCHANGED = ("created_at", "external_index")
SEALED = ("external_id", "name", "company")


class SqlPeople:
    """Persons; names and numbers are sealed under their own key, contacts found by blind index.

    A contact that has left the list is there until its time is over, and then for nobody.
    """

    def __init__(self, session: AsyncSession, vault: Vault, clock: Clock) -> None:
        self._session = session
        self._vault = vault
        self._clock = clock

    async def get(self, person: PersonId) -> Person:
        found = await self._people(select(PersonRow).where(PersonRow.id == person))
        if not found:
            await guard_of(self._session).check_missing(PersonRow, {"id": person})
            raise NotFound("clients.no_such_person")
        return found[0]

    async def known_as(self, external_id: str) -> Person | None:
        index = self._vault.keys.exact_index("external", external_id)
        found = await self._people(select(PersonRow).where(PersonRow.external_index == index))
        return found[0] if found else None

    async def free_number(self, person: PersonId) -> None:
        row = await statements.one_locked(self._session, PersonRow, id=person)
        if row is None or row.erased_at is None:
            raise NotFound("clients.no_such_person")
        await statements.change(self._session, PersonRow, {"id": person}, {"external_index": None})

    async def check_all(self) -> None:
        await row_sets.check_whole(self._session, PersonRow)

    async def at(self, contact: Contact) -> list[Person]:
        await self._refuse_gaps()
        return await self._people(_living().where(PersonRow.id.in_(self._holders(contact))))

    async def ids_at(self, contact: Contact) -> list[PersonId]:
        await self._refuse_gaps()
        living = _living().where(PersonRow.id.in_(self._holders(contact))).order_by(PersonRow.id)
        people = [row.id for row in await row_sets.checked(self._session, PersonRow, living)]
        await self._contacts(people)
        return [PersonId(person) for person in people]

    async def find(self, *, limit: int = 50, offset: int = 0) -> list[Person]:
        query = _living().order_by(PersonRow.created_at, PersonRow.id)
        return await self._people(query.limit(limit).offset(offset))

    async def count(self) -> int:
        living = _living().with_only_columns(func.count())
        return await self._session.scalar(living) or 0

    async def add(self, person: Person) -> None:
        await self._vault.create(person.holder, person.created_at)
        row = {"id": person.id, "created_at": person.created_at} | await self._values(person)
        await statements.add(self._session, PersonRow, row)
        await self._write_contacts(person)

    async def save(self, person: Person) -> None:
        row = await statements.one_locked(self._session, PersonRow, id=person.id)
        if row is not None and row.erased_at is not None:
            raise Stale("clients.erased")
        try:
            values = await self._values(person)
        except UnknownHolder:
            raise NotFound("clients.no_such_person") from None
        if row is not None:
            values = {name: getattr(row, name) for name in UNCHANGED} | values
        if not await statements.change(self._session, PersonRow, {"id": person.id}, values):
            raise NotFound("clients.no_such_person")
        await statements.remove(self._session, ContactRow, ContactRow.person == person.id)
        await self._write_contacts(person)

    async def accounts_of(self, person: PersonId) -> list[AccountId]:
        query = select(AccountRow.id).where(AccountRow.person == person)
        rows = await self._session.scalars(query.order_by(AccountRow.created_at))
        return [AccountId(row) for row in rows]

    async def forget_contacts(self) -> int:
        over = ContactRow.on_record_until <= self._clock.now()
        return await row_sets.purge(self._session, ContactRow, over)

    async def shared_contacts(self) -> list[tuple[Contact, int]]:
        several = (
            select(ContactRow.kind, ContactRow.value_index, func.count().label("holders"))
            .where(self._stands())
            .group_by(ContactRow.kind, ContactRow.value_index)
            .having(func.count(ContactRow.person.distinct()) > 1)
        )
        shared: list[tuple[Contact, int]] = []
        for kind, index, holders in await self._session.execute(several):
            query = select(ContactRow).where(
                ContactRow.kind == kind, ContactRow.value_index == index, self._stands()
            )
            for row in await row_sets.checked(self._session, ContactRow, query.limit(1)):
                await self._vault.load((row.person,))
                shared.append((self._contact(row), holders))
        return shared

    async def _values(self, person: Person) -> dict[str, Any]:
        sealed = {
            field: await self._vault.seal(
                person.holder, f"person.{field}:{person.id}", getattr(person, field)
            )
            for field in SEALED
        }
        return (
            sealed
            | {
                "language": person.language,
                "regime": person.regime,
                "merged_into": person.merged_into,
                "erased_at": person.erased_at,
            }
            | self._external_index(person)
        )

    def _external_index(self, person: Person) -> dict[str, str]:
        """Kept where the number can no longer be read: an erased person is still recognised."""
        if not person.external_id:
            return {}
        return {"external_index": self._vault.keys.exact_index("external", person.external_id)}

    async def _write_contacts(self, person: Person) -> None:
        for contact in person.contacts:
            identity = new_id()
            row = {
                "id": identity,
                "person": person.id,
                "kind": contact.kind,
                "value_index": self._vault.keys.index(contact.kind, contact.value),
                "value": await self._vault.seal(
                    person.holder, f"contact.value:{person.id}", contact.value
                ),
                "since": contact.since,
                "young_until": contact.young_until,
                "on_record_until": contact.until,
            }
            await statements.add(self._session, ContactRow, row)

    async def _people(self, query: Select[Any]) -> list[Person]:
        rows: list[PersonRow] = await row_sets.checked(self._session, PersonRow, query)
        await self._vault.load(row.id for row in rows)
        contacts = await self._contacts([row.id for row in rows])
        return [
            self._person(row, tuple(self._contact(contact) for contact in contacts[row.id]))
            for row in rows
        ]

    async def _contacts(self, people: list[str]) -> dict[str, list[ContactRow]]:
        """Those of each that stand; of all of them none may be missing or too many."""
        found: dict[str, list[ContactRow]] = {person: [] for person in people}
        query = select(ContactRow).where(ContactRow.person.in_(people))
        for row in await self._session.scalars(query.order_by(ContactRow.kind, ContactRow.id)):
            found[row.person].append(row)
        each = [row for rows in found.values() for row in rows]
        within = ({"person": person} for person in people)
        await guard_of(self._session).check_all(ContactRow, each, *within)
        now = self._clock.now()
        return {
            person: [row for row in rows if not row.on_record_until or row.on_record_until > now]
            for person, rows in found.items()
        }

    def _contact(self, row: ContactRow) -> Contact:
        value = self._vault.readable(row.person, f"contact.value:{row.person}", row.value)
        return Contact(
            kind=row.kind,
            value=value,
            since=row.since,
            young_until=row.young_until,
            until=row.on_record_until,
        )

    async def _refuse_gaps(self) -> None:
        """Whoever shares an address must be seen to: one mailbox of several people proves less."""
        await row_sets.refuse_gaps(self._session, PersonRow)
        await row_sets.refuse_gaps(self._session, ContactRow, of=PersonRow.id)

    def _holders(self, contact: Contact) -> Select[Any]:
        index = self._vault.keys.index(contact.kind, contact.value)
        named = (ContactRow.kind == contact.kind, ContactRow.value_index == index)
        return select(ContactRow.person).where(*named, self._stands())

    def _stands(self) -> ColumnElement[bool]:
        until = ContactRow.on_record_until
        return or_(until.is_(None), until > self._clock.now())

    def _person(self, row: PersonRow, contacts: tuple[Contact, ...]) -> Person:
        words = {
            field: self._vault.readable(row.id, f"person.{field}:{row.id}", getattr(row, field))
            for field in SEALED
        }
        return Person(
            id=PersonId(row.id),
            **words,
            language=Language(row.language),
            regime=row.regime,
            created_at=row.created_at,
            contacts=contacts,
            merged_into=None if row.merged_into is None else PersonId(row.merged_into),
            erased_at=row.erased_at,
        )


def _living() -> Select[Any]:
    return select(PersonRow).where(PersonRow.erased_at.is_(None), PersonRow.merged_into.is_(None))
