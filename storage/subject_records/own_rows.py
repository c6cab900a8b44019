"""Which rows of which table are a subject's: one condition a place, children before parents."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from bot.application.ports.card_refs import CardKind
from bot.domain.addresses import ID_LENGTH, Surface
from bot.domain.clients.people import EMAIL, PHONE
from bot.domain.fulfilment.identifiers import IdentifierKind, Identifiers
from storage import statements
from storage.keys import Keys
from storage.models.people import AccountRow, ContactRow, FlowRow, PersonRow
from storage.models.queue import InboxRow, OutboxRow, TimerRow
from storage.models.requests import (
    ChallengeRow,
    RequestRow,
    SignedLinkRow,
    SpendingRow,
    TallyRow,
)
from storage.models.tickets import (
    LinkRow,
    MessageRow,
    ServiceClockRow,
    TicketLinkRow,
    TicketRow,
    ToldWordRow,
)
from storage.models.workspace import CardRefRow, FileUploadRow
from storage.repositories.outbox_statements import OF_STAFF
from storage.types import Table

TABLES: Mapping[str, type[Table]] = MappingProxyType(
    {
        table.__tablename__: table
        for table in (
            LinkRow,
            FileUploadRow,
            TimerRow,
            TicketLinkRow,
            ToldWordRow,
            ServiceClockRow,
            CardRefRow,
            OutboxRow,
            InboxRow,
            SpendingRow,
            TallyRow,
            SignedLinkRow,
            ChallengeRow,
            FlowRow,
            RequestRow,
            MessageRow,
            TicketRow,
            AccountRow,
            ContactRow,
            PersonRow,
        )
    }
)
"""In the order in which they are emptied: what says whose something is goes after it."""
ON_THEIR_WAY = ("queued", "held", "sending")
SURFACES = (Surface.TELEGRAM, Surface.CONSOLE)
ALBUM = "album"
Condition = sa.ColumnElement[bool]


def _column(table: type[Table], name: str) -> Any:  # noqa: ANN401  # a column
    return statements.core(table).c[name]


def _ids(table: type[Table], where: Condition, before: str = "") -> Any:  # noqa: ANN401  # a SELECT
    """Of the rows for which that is true, whatever the query around it looks through."""
    found = _column(table, "id")
    query = sa.select(sa.literal(before) + found if before else found)
    return query.where(where).correlate(None)


@dataclass(frozen=True, slots=True)
class OwnRows:
    """Whose rows, and under which keys their blind indexes are made."""

    who: Identifiers
    keys: Keys
    fenced_at: datetime | None = None
    """What came in since then is a new person's."""

    def of(self, place: str) -> Condition:
        """Of the rows of that table which are theirs."""
        found: dict[str, Condition] = {
            "link": _column(LinkRow, "message").in_(self.message_ids),
            "file_upload": _column(FileUploadRow, "message").in_(self.message_ids),
            "timer": self._timers(),
            "ticket_link": _column(TicketLinkRow, "ticket").in_(self.ticket_ids),
            "told_word": _column(ToldWordRow, "account").in_(self.who.accounts),
            "service_clock": _column(ServiceClockRow, "ticket").in_(self.ticket_ids),
            "card_ref": sa.and_(
                _column(CardRefRow, "kind") == CardKind.TICKET,
                _column(CardRefRow, "about").in_(self.ticket_ids),
            ),
            "outbox": sa.and_(self.deliveries, self.says_something),
            "inbox": self._updates(self.conversations),
            "budget_spending": self._spent(SpendingRow),
            "budget_tally": self._spent(TallyRow),
            "signed_link": self._links(),
            "challenge": self._challenges(),
            "flow": _column(FlowRow, "account").in_(self.who.accounts),
            "data_request": self._requests(),
            "message": self._messages(),
            "ticket": self._tickets(),
            "account": _column(AccountRow, "id").in_(self.who.accounts),
            "contact": _column(ContactRow, "person").in_(self.who.persons),
            "person": sa.and_(_column(PersonRow, "id").in_(self.who.persons), _is_named()),
        }
        return found[place]

    @property
    def ticket_ids(self) -> Any:  # noqa: ANN401  # a SELECT
        return _ids(TicketRow, self._tickets())

    @property
    def message_ids(self) -> Any:  # noqa: ANN401  # a SELECT
        return _ids(MessageRow, self._messages())

    @property
    def request_ids(self) -> Any:  # noqa: ANN401  # a SELECT
        return _ids(RequestRow, self._requests())

    @property
    def chats(self) -> list[str]:
        """Every address that their chats may have (`telegram:123`)."""
        users = self.who.of(IdentifierKind.CHAT_ID)
        return [f"{surface}:{user}" for user in users for surface in SURFACES]

    @property
    def conversations(self) -> list[str]:
        """Under which blind indexes updates of their chats wait."""
        return [self.keys.exact_index("conversation", one) for one in self.chats]

    @property
    def contact_digests(self) -> list[str]:
        """Keyed digests of their addresses, as budgets and requests keep them."""
        emails, phones = (
            self.who.of(kind) for kind in (IdentifierKind.EMAIL, IdentifierKind.PHONE)
        )
        named = [(EMAIL, one) for one in emails] + [(PHONE, one) for one in phones]
        return [self.keys.index(kind, value) for kind, value in named]

    @property
    def deliveries(self) -> Condition:
        """To them, or about them, of whatever kind."""
        conversation = _column(OutboxRow, "conversation")
        names = [
            _ids(TicketRow, self._tickets(), "desk:"),
            _ids(TicketRow, self._tickets(), "card:"),
            _ids(ChallengeRow, self._challenges(), "code:"),
        ]
        talks = [f"client:{one}" for one in self.who.accounts]
        talks += [f"mail:{one}" for one in self.who.persons]
        return sa.or_(
            _column(OutboxRow, "holder").in_(self.who.holders),
            conversation.in_(talks),
            *(conversation.in_(each) for each in names),
        )

    @property
    def says_something(self) -> Condition:
        """Whether a delivery is more than a request's number that staff are told, or were."""
        row = statements.core(OutboxRow).c
        is_over = row.state.not_in(ON_THEIR_WAY)
        failed = sa.and_(is_over, row.payload.is_not(None))
        return sa.or_(row.kind.not_in(OF_STAFF), failed)

    def _updates(self, conversations: list[str]) -> Condition:
        waits = _column(InboxRow, "payload").is_not(None)
        named = sa.and_(waits, _column(InboxRow, "conversation").in_(conversations))
        if self.fenced_at is None:
            return named
        return sa.and_(named, _column(InboxRow, "received_at") <= self.fenced_at)

    def _tickets(self) -> Condition:
        return sa.or_(
            _column(TicketRow, "holder").in_(self.who.holders),
            _column(TicketRow, "account").in_(self.who.accounts),
        )

    def _messages(self) -> Condition:
        return sa.or_(
            _column(MessageRow, "account").in_(self.who.accounts),
            _column(MessageRow, "ticket").in_(self.ticket_ids),
        )

    def _requests(self) -> Condition:
        """About them; those that one of their chats made for somebody else are not theirs."""
        return sa.or_(
            _column(RequestRow, "subject_person").in_(self.who.persons),
            _column(RequestRow, "subject_account").in_(self.who.accounts),
        )

    def _challenges(self) -> Condition:
        return sa.or_(
            _column(ChallengeRow, "account").in_(self.who.accounts),
            _column(ChallengeRow, "request").in_(self.request_ids),
        )

    def _links(self) -> Condition:
        about = _column(SignedLinkRow, "about")
        return sa.or_(about.in_(self.who.accounts), about.in_(self.request_ids))

    def _timers(self) -> Condition:
        about = sa.func.substr(_column(TimerRow, "ref"), 1, ID_LENGTH)
        ids = (self.ticket_ids, self.message_ids, self.who.accounts)
        return sa.or_(*(about.in_(each) for each in ids))

    def _spent(self, table: type[Table]) -> Condition:
        """Owners are ids, keyed digests, codes, and `PERSON/CHAT` of one that proved itself."""
        owner, digests = _column(table, "owner"), self.contact_digests
        codes = _ids(ChallengeRow, self._challenges())
        theirs = [
            sa.func.substr(owner, 1, ID_LENGTH).in_(self.who.holders),
            sa.func.substr(owner, ID_LENGTH + 2).in_(self.who.accounts),
            owner.in_(codes),
            owner.in_(digests),
        ]
        if table is SpendingRow:
            theirs.append(_column(table, "item").in_(digests))
        return sa.or_(*theirs)


def nobodys(place: str) -> Condition | None:
    """Of rows of that table that hang on a message or a ticket which is not there; None: none do.

    They are taken away with a subject's, so that nothing of theirs can be hidden among them.
    """
    parents: Mapping[str, tuple[type[Table], str, type[Table]]] = {
        "link": (LinkRow, "message", MessageRow),
        "file_upload": (FileUploadRow, "message", MessageRow),
        "ticket_link": (TicketLinkRow, "ticket", TicketRow),
        "service_clock": (ServiceClockRow, "ticket", TicketRow),
        "card_ref": (CardRefRow, "about", TicketRow),
    }
    if place not in parents:
        return None
    table, name, parent = parents[place]
    is_there = sa.exists().where(_column(parent, "id") == _column(table, name))
    if place == "card_ref":
        return sa.and_(_column(table, "kind") == CardKind.TICKET, ~is_there)
    return ~is_there


def _is_named() -> Condition:
    """A record that is a tombstone already has nothing to erase."""
    columns = (_column(PersonRow, name) for name in ("external_id", "name", "company"))
    return sa.or_(*(column.is_not(None) for column in columns))
