"""What can happen to a chat account and its questions."""

from dataclasses import dataclass

from bot.domain.addresses import AccountId, HolderId, MessageId, PersonId, RequestId, StaffId
from bot.domain.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountEvent(Event):
    """A fact about one chat account."""

    account: AccountId


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountMade(AccountEvent):
    surface: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountAttached(AccountEvent):
    """A proof showed that this account is the person's."""

    person: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountCutLoose(AccountEvent):
    """Somebody with the link of a notice said that this account is not the person's."""

    person: PersonId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRelinkAgreed(AccountEvent):
    """One of the two approvers it takes to let a chat that was cut loose prove itself again."""

    approver: StaffId


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRelinkAllowed(AccountEvent):
    """The second of the two. The chat is still nobody's, until it proves itself afresh."""

    approver: StaffId


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageChosen(AccountEvent):
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientBlockedBot(AccountEvent):
    """Nothing can be delivered to this account until it unblocks the bot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientUnblockedBot(AccountEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAnswered(AccountEvent):
    """What the policy engine showed for a question, in which version of the policy.

    The only tie between the client and the kept, masked question; it goes with the client's key.
    """

    message: MessageId
    question: str
    policy_version: str
    outcome: str
    quotes: tuple[tuple[int, int], ...] = ()
    """(start, end) in that version's text, in code points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFoundHelpful(AccountEvent):
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonEvent(Event):
    """A fact about one record of the client list."""

    person: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonImported(PersonEvent):
    """`how`: added or changed; `changed` names fields, never what stood or stands in them."""

    how: str
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonMerged(PersonEvent):
    """Two records are one human from now on."""

    into: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonShown(PersonEvent):
    """The operator looked at a client's data, unmasked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonTakenAgain(PersonEvent):
    """Somebody took the number of an erased client for a new record; nothing of the old is back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonUnlocked(PersonEvent):
    """The operator opened the code path again after too many wrong codes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientListImported(Event):
    """The client list was brought in. `source`: file or database."""

    source: str
    added: int
    changed: int
    refused: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectErased(Event):
    """The store's rows of these holders were taken away, in the transaction that records this.

    Nobody's key seals it, for it outlasts theirs: it is why their tickets and accounts are missing,
    and that one of them who is there again was brought back past the desk.
    """

    request: RequestId | None
    """Under whose approvals; None: a retention that ended."""
    holders: tuple[HolderId, ...]
    tickets: int
    rows: int
