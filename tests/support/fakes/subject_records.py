"""An in-memory double of everything the store holds of one subject."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from bot.application.outbound.to_client import ToClient
from bot.application.outbound.to_mailbox import MailCode, MailNotice
from bot.application.outbound.to_staff import ToDesk
from bot.application.ports.card_refs import CardKind
from bot.domain.addresses import HolderId, RequestId, TicketId
from bot.domain.clients.people import EMAIL, Account, AccountStatus, Person
from bot.domain.errors import NotFound
from bot.domain.fulfilment.identifiers import Identifier, IdentifierKind, Identifiers
from bot.domain.requests.record import Subject
from bot.domain.tickets.message import Direction
from tests.support.fakes.queues import Arrived, Queued
from tests.support.fakes.requests import FakeRequests
from tests.support.fakes.store import Store

Keys = list[Any]
OF_THEM = (ToClient, MailCode, MailNotice, ToDesk)
"""Deliveries that say something of a client, or to them."""
NOT_TAKEN = ("queued", "held", "dead")


class FakeSubjectRecords:
    def __init__(self, store: Store, requests: FakeRequests) -> None:
        self._store, self._known_requests = store, requests

    async def identifiers(self, subject: Subject) -> Identifiers:
        people = self._people(subject)
        accounts = self._accounts(subject, people)
        values = [one for person in people for one in _named(person)]
        values += [one for account in accounts for one in _called(account)]
        who = Identifiers(
            subject=subject,
            persons=tuple(person.id for person in people),
            accounts=tuple(account.id for account in accounts),
        )
        values += self._files(who)
        requests = (self._store.requests[one].number for one in self._requests(who))
        tickets = (self._store.tickets[one].number for one in self._tickets(who))
        values += [Identifier(IdentifierKind.DOCUMENT, one) for one in (*requests, *tickets)]
        return replace(who, values=tuple(dict.fromkeys(one for one in values if one.value)))

    async def counts(self, who: Identifiers) -> Mapping[str, int]:
        return {place: len(found) for place, found in self._places(who).items()}

    async def fence(self, who: Identifiers, at: datetime) -> None:
        for holder in who.holders:
            self._store.fenced.setdefault(holder, at)
        self._mark(who, at)
        places = self._places(who)
        for key in places["inbox"]:
            _end(self._store.inbox, key)
        for key in places["outbox"]:
            if self._store.outbox[key].state in NOT_TAKEN:
                del self._store.outbox[key]
        for place in ("flow", "challenge", "signed_link", "budget_spending", "budget_tally"):
            self._take_away(place, places[place])
        self._take_away("timer", self._timers(who))

    def _mark(self, who: Identifiers, at: datetime) -> None:
        accounts, people = self._store.accounts, self._store.people
        for one in set(who.accounts) & accounts.keys():
            accounts[one] = replace(accounts[one], status=AccountStatus.ERASED)
        for one in who.persons:
            people[one] = replace(people[one], erased_at=people[one].erased_at or at)

    async def in_flight(self, who: Identifiers, at: datetime) -> int:
        return sum(
            row.state == "sending" and row.lease_until is not None and row.lease_until > at
            for row in self._queued(who, of_all=True)
        )

    async def erase(self, who: Identifiers, at: datetime) -> Mapping[str, int]:
        places = self._places(who)
        await self._forget_digests(who)
        for place, found in self._with_nobodys(places).items():
            self._take_away(place, found)
        for one in who.persons:
            self._store.people[one] = _tombstone(self._store.people[one], at)
        return {place: len(found) for place, found in places.items()}

    async def _forget_digests(self, who: Identifiers) -> None:
        for one in self._requests(who):
            if _has_digests(self._store, one):
                request = await self._known_requests.get(one)
                proofs = replace(request.facts.proofs, mailboxes=(), phone="")
                request.facts = replace(request.facts, proofs=proofs)
        self._known_requests.flush()

    async def left(self, who: Identifiers) -> Mapping[str, int]:
        return {place: len(found) for place, found in self._places(who).items() if found}

    async def destroy_keys(self, who: Identifiers, at: datetime) -> int:
        alive = [one for one in who.holders if one not in self._store.destroyed]
        self._store.destroyed |= dict.fromkeys(alive, at)
        return len(alive)

    async def are_erased(self, who: Identifiers) -> bool:
        return all(one in self._store.destroyed for one in who.holders)

    async def export(self, who: Identifiers) -> AsyncGenerator[tuple[str, Mapping[str, object]]]:
        for place, found in self._places(who).items():
            for key in found:
                row: Any = self._rows(place)[key]
                yield place, asdict(row) if hasattr(row, "__dataclass_fields__") else {"": row}

    async def addresses(self, who: Identifiers) -> Sequence[str]:
        rows = (self._store.accounts.get(one) for one in who.accounts)
        return [str(row.address) for row in rows if row is not None and row.address.user]

    def _files(self, who: Identifiers) -> list[Identifier]:
        said = [row for row in self._store.messages.values() if row.account in who.accounts]
        files = [file for row in said if row.direction is Direction.IN for file in row.attachments]
        names = [name for file in files for name in (file.file_ref, file.unique)]
        return [Identifier(IdentifierKind.FILE_DIGEST, name) for name in names]

    def _people(self, subject: Subject) -> list[Person]:
        """The record that stands, and all that were merged into it."""
        if subject.person is None:
            return []
        rows = self._store.people
        if subject.person not in rows:
            raise NotFound("clients.no_such_person")
        root = rows[subject.person]
        while root.merged_into is not None:
            root = rows[root.merged_into]
        found = [root]
        for one in found:
            found += [row for row in rows.values() if row.merged_into == one.id]
        return found

    def _accounts(self, subject: Subject, people: list[Person]) -> list[Account]:
        if subject.account is not None:
            if subject.account not in self._store.accounts:
                raise NotFound("clients.no_such_account")
            return [self._store.accounts[subject.account]]
        ids = {person.id for person in people}
        found = [row for row in self._store.accounts.values() if row.person in ids]
        return sorted(found, key=lambda row: (row.created_at, row.id))

    def _places(self, who: Identifiers) -> dict[str, Keys]:
        store = self._store
        tickets = set(self._tickets(who))
        messages = {row.id for row in store.messages.values() if _is_said(row, who, tickets)}
        linked = {key: message for key, (message, _) in store.links.items()}
        requests = set(self._requests(who))
        owners = {*who.holders, *(one.id for one in self._challenges(who))}
        return {
            "message": sorted(messages),
            "link": [key for key, message in linked.items() if message in messages],
            "ticket_link": [key for key, ticket in linked.items() if ticket in tickets],
            "file_upload": [key for key in store.uploads if key[0] in messages],
            "told_word": [row for row in store.told if row[0] in who.accounts],
            "service_clock": [key for key in store.clocks if key[0] in tickets],
            "card_ref": [k for k in store.cards if k[0] is CardKind.TICKET and k[1] in tickets],
            "timer": self._timers(who),
            "ticket": sorted(tickets),
            "flow": [one for one in who.accounts if one in store.flows],
            "challenge": [one.id for one in self._challenges(who)],
            "budget_spending": [one for one in store.spendings if one.owner in owners],
            "budget_tally": [one for one in store.tallies if one.owner in owners],
            "signed_link": [
                token
                for token, link in store.signed_links.items()
                if link.about in requests | {*who.accounts}
            ],
            "outbox": [row.id for row in self._queued(who)],
            "inbox": [key for key, row in store.inbox.items() if self._is_theirs(row, who)],
            "data_request": [one for one in sorted(requests) if _has_digests(store, one)],
            "account": [one for one in who.accounts if one in store.accounts],
            "contact": [
                (one, contact) for one in who.persons for contact in store.people[one].contacts
            ],
            "person": [one for one in who.persons if _is_named(store.people[one])],
        }

    def _take_away(self, place: str, found: Keys) -> None:
        rows = self._rows(place)
        for key in found:
            match place:
                case "inbox":
                    _end(self._store.inbox, key)
                case "told_word":
                    self._store.told.remove(key)
                case "contact" | "person" | "data_request":
                    pass
                case _:
                    del rows[key]

    def _with_nobodys(self, places: dict[str, Keys]) -> dict[str, Keys]:
        """What hangs on nothing goes too."""
        store = self._store
        hanging = {
            "link": [
                key
                for key, (message, _) in store.links.items()
                if not key[0].endswith("/ticket") and message not in store.messages
            ],
            "ticket_link": [
                key
                for key, (ticket, _) in store.links.items()
                if key[0].endswith("/ticket") and ticket not in store.tickets
            ],
            "file_upload": [key for key in store.uploads if key[0] not in store.messages],
            "service_clock": [key for key in store.clocks if key[0] not in store.tickets],
        }
        return {
            place: list(dict.fromkeys([*found, *hanging.get(place, ())]))
            for place, found in places.items()
        }

    def _rows(self, place: str) -> dict[Any, Any]:
        store = self._store
        if place == "contact":
            return {(p.id, one): one for p in store.people.values() for one in p.contacts}
        named: dict[str, dict[Any, Any]] = {
            "told_word": {row: row for row in store.told},
            "message": store.messages,
            "link": store.links,
            "ticket_link": store.links,
            "file_upload": store.uploads,
            "service_clock": store.clocks,
            "card_ref": store.cards,
            "timer": store.timers,
            "ticket": store.tickets,
            "flow": store.flows,
            "challenge": store.challenges,
            "budget_spending": store.spendings,
            "budget_tally": store.tallies,
            "signed_link": store.signed_links,
            "outbox": store.outbox,
            "inbox": store.inbox,
            "data_request": store.requests,
            "account": store.accounts,
            "person": store.people,
        }
        return named[place]

    def _tickets(self, who: Identifiers) -> list[TicketId]:
        rows = self._store.tickets.values()
        return [row.id for row in rows if row.holder in who.holders or row.account in who.accounts]

    def _requests(self, who: Identifiers) -> list[RequestId]:
        return [
            row.id
            for row in self._store.requests.values()
            if row.subject.person in who.persons or row.subject.account in who.accounts
        ]

    def _challenges(self, who: Identifiers) -> list[Any]:
        rows = self._store.challenges.values()
        requests = set(self._requests(who))
        return [
            row
            for row in rows
            if row.binding.chat in who.accounts or row.binding.request in requests
        ]

    def _timers(self, who: Identifiers) -> list[str]:
        refs = {*self._tickets(who), *who.accounts}
        refs |= {row.id for row in self._store.messages.values() if row.account in who.accounts}
        timers = self._store.timers.values()
        return [one.key for one in timers if one.ref.partition(":")[0] in refs]

    def _queued(self, who: Identifiers, *, of_all: bool = False) -> list[Queued]:
        """Of them; of what staff see of a request only what is over, unless `of_all`."""
        talks = {f"client:{one}" for one in who.accounts}
        talks |= {f"{kind}:{one}" for one in self._tickets(who) for kind in ("desk", "card")}
        return [
            row
            for row in self._store.outbox.values()
            if row.holder in who.holders or row.delivery.conversation in talks
            if of_all or isinstance(row.delivery, OF_THEM) or row.state == "dead"
        ]

    def _is_theirs(self, row: Arrived, who: Identifiers) -> bool:
        chats = (self._store.accounts.get(one) for one in who.accounts)
        addresses = {str(chat.address) for chat in chats if chat is not None}
        since = [self._store.fenced[one] for one in who.holders if one in self._store.fenced]
        is_earlier = not since or row.received_at <= min(since)
        is_said = row.inbound.conversation in addresses and bool(row.inbound.payload)
        return is_said and is_earlier


def _named(person: Person) -> list[Identifier]:
    if person.erased_at is not None and not _is_named(person):
        return []
    contacts = [
        Identifier(IdentifierKind.EMAIL if one.kind == EMAIL else IdentifierKind.PHONE, one.value)
        for one in person.contacts
    ]
    return [
        *contacts,
        Identifier(IdentifierKind.EXTERNAL_ID, person.external_id),
        Identifier(IdentifierKind.NAME, person.name),
    ]


def _called(account: Account) -> list[Identifier]:
    return [
        Identifier(IdentifierKind.CHAT_ID, account.address.user),
        Identifier(IdentifierKind.NAME, account.display_name),
    ]


def _is_said(row: Any, who: Identifiers, tickets: set[TicketId]) -> bool:  # a message
    return row.account in who.accounts or row.ticket in tickets


def _end(rows: dict[str, Arrived], key: str) -> None:
    row = rows[key]
    blank = replace(row.inbound, payload="", conversation="")
    rows[key] = replace(row, state="done", inbound=blank)


def _is_named(person: Person) -> bool:
    return bool(person.name or person.company or person.contacts)


def _tombstone(person: Person, at: datetime) -> Person:
    """The number stays here, where the store keeps it as a blind index only."""
    return replace(person, name="", company="", contacts=(), erased_at=person.erased_at or at)


def _has_digests(store: Store, request: RequestId) -> bool:
    proofs = store.requests[request].facts.proofs
    return bool(proofs.mailboxes or proofs.phone)


class FakeHolderKeys:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def standing(self) -> list[HolderId]:
        store = self._store
        asked = (one.request for one in store.fulfilments.values() if one.who or one.slot)
        every = {*store.people, *store.accounts, *asked}
        return sorted(HolderId(one) for one in every - store.destroyed.keys())

    async def destroyed(self) -> list[tuple[HolderId, datetime]]:
        found = [(HolderId(one), at) for one, at in self._store.destroyed.items()]
        return sorted(found, key=lambda one: (one[1], one[0]))
