"""The ticket: its state changes only through these methods, and each records what happened."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.addresses import AccountId, HolderId, Language, MessageId, StaffId, TicketId
from bot.domain.errors import Refused
from bot.domain.events import Aggregate
from bot.domain.tickets import events
from bot.domain.tickets.states import (
    LIVE,
    Priority,
    TicketAction,
    TicketKind,
    TicketState,
    may,
    next_state,
)

REOPEN_WINDOW = timedelta(days=14)
"""How long after closing a client may reopen (docs/design/tickets.md, "Time")."""
QUIET_BEFORE_CLOSING = timedelta(hours=72)
UNDO_WINDOW = timedelta(hours=24)
"""How long a merge or a spam mark can be taken back."""
MAX_TAGS, MAX_TAG_LENGTH = 10, 30


def public_number(serial: int) -> str:
    """The number people see: T-000123."""
    return f"T-{serial:06d}"


def clean_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Lower case, no repeats, no `#`, in order.

    Raises:
        Refused: more than ten, or one longer than thirty characters.
    """
    cleaned = tuple(
        dict.fromkeys(" ".join(tag.lstrip("# ").lower().split()) for tag in tags if tag.strip("# "))
    )
    if len(cleaned) > MAX_TAGS or any(len(tag) > MAX_TAG_LENGTH for tag in cleaned):
        raise Refused("tickets.too_many_tags", field="tags", most=MAX_TAGS, length=MAX_TAG_LENGTH)
    return cleaned


@dataclass(kw_only=True)
class Ticket(Aggregate):
    """One matter of one client."""

    id: TicketId
    number: str
    account: AccountId
    holder: HolderId
    kind: TicketKind
    category: str
    subject: str
    language: Language
    opened_at: datetime
    priority: Priority = Priority.P3
    state: TicketState = TicketState.NEW
    resolution: str = ""
    assignee: StaffId | None = None
    tags: tuple[str, ...] = ()
    reopened_count: int = 0
    parent: TicketId | None = None
    merged_into: TicketId | None = None
    snooze_until: datetime | None = None
    first_response_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    state_since: datetime | None = None
    last_client_at: datetime | None = None
    stars: int | None = None
    topic: str = ""
    """The part of the chat where the client talks of it; empty: outside of any."""
    version: int = 0

    @property
    def stream(self) -> str:
        return f"ticket:{self.id}"

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def waiting_on(self) -> str:
        """Whose turn it is: `client`, `staff`, `third` or `nobody`."""
        match self.state:
            case TicketState.WAITING_CLIENT:
                return "client"
            case TicketState.WAITING_THIRD:
                return "third"
            case TicketState.NEW | TicketState.OPEN | TicketState.SNOOZED:
                return "staff"
            case TicketState.RESOLVED | TicketState.CLOSED | TicketState.MERGED | TicketState.SPAM:
                return "nobody"

    def may_be_reopened(self, at: datetime) -> bool:
        """Resolved, or closed for less than fourteen days."""
        closed = self.closed_at
        return self.state is TicketState.RESOLVED or (
            self.state is TicketState.CLOSED and closed is not None and at - closed <= REOPEN_WINDOW
        )

    def announce(self) -> None:
        """Record that the ticket was opened; the first thing ever recorded of it."""
        self._record(
            events.TicketOpened,
            account=self.account,
            kind=self.kind,
            category=self.category,
            priority=self.priority,
            parent=self.parent,
        )

    def talk_in(self, topic: str) -> None:
        """The client talks of it in this part of the chat: there they are answered."""
        self.topic = topic

    def take_client_word(self, message: MessageId, at: datetime) -> None:
        """The client wrote; whoever waited for them need not wait any longer."""
        self._move(TicketAction.CLIENT_WRITES, at)
        self.last_client_at, self.snooze_until = at, None
        self._record(events.ClientWrote, message=message)

    def note_client_edit(self, message: MessageId, version: int) -> None:
        self._record(events.ClientEdited, message=message, version=version)

    def note_reaction(self, message: MessageId) -> None:
        """The client put an emoji under a reply, or took it back: it moves nothing."""
        self._record(events.ClientReacted, message=message)

    def take_thanks(self, message: MessageId) -> None:
        """Thanks for a matter that is done: it moves nothing, and the client waits for nobody."""
        self._record(events.ClientThanked, message=message)

    def note_shown(self, message: MessageId) -> None:
        self._record(events.AnswerShown, message=message)

    def note_unplaced(self, message: MessageId) -> None:
        """The client did not say where this and what came with it belongs; it came here."""
        self._record(events.UnplacedWordsTaken, message=message)

    def let_go_of(self, message: MessageId) -> None:
        """The client said that this message belongs elsewhere."""
        self._record(events.MessageTakenOut, message=message)

    def claim(self, staff: StaffId, at: datetime) -> None:
        """Take the ticket. Raises Refused when somebody else has it or nothing is left to do."""
        if self.assignee is not None and self.assignee != staff:
            raise Refused("tickets.already_claimed", number=self.number)
        if self.assignee == staff and self.state is not TicketState.NEW:
            return
        if self.state is TicketState.NEW:
            self._move(TicketAction.TOUCH, at)
        elif not self.is_live:
            raise Refused("tickets.wrong_state", state=self.state, action="claim")
        self.assignee = staff
        self._record(events.TicketClaimed, assignee=staff)

    def assign(self, staff: StaffId | None, at: datetime) -> None:
        """Hand the ticket to somebody, or to nobody."""
        if not self.is_live and self.state is not TicketState.RESOLVED:
            raise Refused("tickets.wrong_state", state=self.state, action="assign")
        if staff == self.assignee:
            return
        if self.state is TicketState.NEW and staff is not None:
            self._move(TicketAction.TOUCH, at)
        previous, self.assignee = self.assignee, staff
        self._record(events.TicketAssigned, assignee=staff, previous=previous)

    def take_from(self, why: str) -> None:
        """Whoever had it can act no more: it is nobody's, and its promise runs on."""
        previous, self.assignee = self.assignee, None
        self._record(events.TicketAssigned, assignee=None, previous=previous, why=why)

    def reply(self, message: MessageId, at: datetime, *, held_until: datetime | None) -> None:
        """Staff answered the client."""
        self._move(TicketAction.REPLY, at)
        self.first_response_at = self.first_response_at or at
        self.snooze_until = None
        self._record(events.StaffReplied, message=message, held_until=held_until)

    def undo_reply(self, message: MessageId, at: datetime, *, replied_at: datetime) -> None:
        """A reply was taken back before it left: it is staff's turn again."""
        if self.state is TicketState.WAITING_CLIENT:
            self._move(TicketAction.TOUCH, at)
        if self.first_response_at == replied_at:
            self.first_response_at = None
        self._record(events.ReplyUndone, message=message)

    def note_reply_edit(self, message: MessageId, version: int) -> None:
        self._record(events.ReplyEdited, message=message, version=version)

    def note_reply_deleted(self, message: MessageId) -> None:
        self._record(events.ReplyDeleted, message=message)

    def note_delivery(self, message: MessageId, outcome: str) -> None:
        self._record(events.ReplyDelivered, message=message, outcome=outcome)

    def note_sent_again(self, message: MessageId) -> None:
        self._record(events.ReplySentAgain, message=message)

    def write_note(self, message: MessageId) -> None:
        """An internal note; it changes no state, and no client ever sees it."""
        self._record(events.NoteWritten, message=message)

    def note_edited(self, message: MessageId, version: int) -> None:
        self._record(events.NoteEdited, message=message, version=version)

    def note_deleted(self, message: MessageId) -> None:
        self._record(events.NoteDeleted, message=message)

    def set_priority(self, priority: Priority) -> None:
        if priority == self.priority:
            return
        previous, self.priority = self.priority, priority
        self._record(events.PriorityChanged, priority=priority, previous=previous)

    def set_tags(self, tags: Iterable[str]) -> None:
        cleaned = clean_tags(tags)
        if cleaned == self.tags:
            return
        previous, self.tags = self.tags, cleaned
        self._record(events.TagsChanged, tags=cleaned, previous=previous)

    def take_up(self, at: datetime) -> None:
        """Staff's turn again, whatever it waited for."""
        previous = self.state
        self._move(TicketAction.TOUCH, at)
        self.snooze_until = None
        if previous is not self.state:
            self._record(events.TicketWoken, previous=previous)

    def await_third(self, at: datetime) -> None:
        """Somebody outside must act before staff can."""
        previous = self.state
        self._move(TicketAction.AWAIT_THIRD, at)
        self._record(events.TicketAwaitsThird, previous=previous)

    def snooze(self, until: datetime, at: datetime) -> None:
        """Sleep until a time to come, or until the client writes."""
        if until <= at:
            raise Refused("tickets.snooze_in_the_past", field="until")
        self._move(TicketAction.SNOOZE, at)
        self.snooze_until = until
        self._record(events.TicketSnoozed, until=until)

    def wake(self, at: datetime) -> None:
        previous = self.state
        self._move(TicketAction.WAKE, at)
        self.snooze_until = None
        self._record(events.TicketWoken, previous=previous)

    def resolve(self, resolution: str, tags: Iterable[str], at: datetime) -> None:
        """Done, with what was done and at least one tag.

        Raises:
            Refused: no resolution, no tag, or nothing left to resolve.
        """
        if not resolution.strip():
            raise Refused("tickets.resolution_and_tag_needed", field="resolution")
        cleaned = clean_tags(tags)
        if not cleaned:
            raise Refused("tickets.resolution_and_tag_needed", field="tags")
        self._move(TicketAction.RESOLVE, at)
        self.resolution, self.resolved_at, self.snooze_until = resolution.strip(), at, None
        self.set_tags(cleaned)
        self._record(events.TicketResolved, resolution=self.resolution, tags=cleaned)

    def close(self, reason: str, at: datetime) -> None:
        self._move(TicketAction.CLOSE, at)
        self.closed_at, self.snooze_until = at, None
        self._record(events.TicketClosed, reason=reason)

    def reopen(self, at: datetime) -> None:
        """Back to work; within fourteen days of closing."""
        if may(self.state, TicketAction.REOPEN) and not self.may_be_reopened(at):
            raise Refused("tickets.reopen_too_late", number=self.number, days=REOPEN_WINDOW.days)
        self._move(TicketAction.REOPEN, at)
        self.reopened_count += 1
        self.resolved_at = self.closed_at = None
        self._record(events.TicketReopened, count=self.reopened_count)

    def merge_into(self, other: "Ticket", at: datetime) -> None:
        """Go on in another ticket of the same client."""
        if other.id == self.id or other.account != self.account:
            raise Refused("tickets.cannot_merge", number=self.number, other=other.number)
        if other.state in (TicketState.MERGED, TicketState.SPAM):
            raise Refused("tickets.wrong_state", state=other.state, action=TicketAction.MERGE)
        self._move(TicketAction.MERGE, at)
        self.merged_into = other.id
        self._record(events.TicketMerged, into=other.id)

    def mark_as_spam(self, at: datetime) -> None:
        previous = self.state
        self._move(TicketAction.MARK_SPAM, at)
        self._record(events.MarkedAsSpam, previous=previous)

    def restore(self, at: datetime) -> None:
        """Take back a merge or a spam mark, within a day."""
        if self.state_since is not None and at - self.state_since > UNDO_WINDOW:
            raise Refused("tickets.restore_too_late", number=self.number)
        previous = self.state
        self._move(TicketAction.RESTORE, at)
        self.merged_into = None
        self._record(events.TicketRestored, previous=previous)

    def rate(self, stars: int) -> None:
        """One to five stars, once the matter is done."""
        if stars not in range(1, 6):
            raise Refused("tickets.stars_one_to_five")
        if self.state not in (TicketState.RESOLVED, TicketState.CLOSED):
            raise Refused("tickets.wrong_state", state=self.state, action="rate")
        self.stars = stars
        self._record(events.TicketRated, stars=stars)

    def note_rating_comment(self, message: MessageId) -> None:
        self._record(events.RatingCommented, message=message)

    def note_deadline(self, metric: str, level: str, due_at: datetime) -> None:
        self._record(events.DeadlineNeared, metric=metric, level=level, due_at=due_at)

    def _move(self, action: TicketAction, at: datetime) -> None:
        new = next_state(self.state, action)
        if new is not self.state:
            self.state, self.state_since = new, at

    def _record(self, fact: type[events.TicketEvent], **details: object) -> None:
        self.record(fact(stream=self.stream, holder=self.holder, ticket=self.id, **details))  # pyright: ignore[reportCallIssue]
