"""The routes that an update of a client can take: a closed union of values, each with its reason.

They hold what is needed to carry them out; only their codes are stored, logged and shown.
"""

from dataclasses import dataclass
from typing import ClassVar

from bot.answering.engine import Answer
from bot.application.ports.tickets import Flow
from bot.domain.clients.people import Account
from bot.domain.requests.request import DataRequest
from bot.domain.tickets.message import Attachment, Message
from bot.domain.tickets.routes import RouteCode, RouteReason
from bot.domain.tickets.ticket import Ticket


@dataclass(frozen=True, slots=True)
class TakeCode:
    """A code of a proof."""

    typed: str
    code: ClassVar = RouteCode.PROOF
    reason: ClassVar = RouteReason.CODE_TYPED


@dataclass(frozen=True, slots=True)
class TakeAddress:
    """An e-mail address, for the request that waits for a proof; None: to link the account."""

    address: str
    request: DataRequest | None
    code: ClassVar = RouteCode.PROOF
    reason: ClassVar = RouteReason.ADDRESS_TYPED


@dataclass(frozen=True, slots=True)
class TakeContact:
    """A contact with its number, for the same."""

    card: Attachment
    request: DataRequest | None
    code: ClassVar = RouteCode.PROOF
    reason: ClassVar = RouteReason.CONTACT_SHARED


@dataclass(frozen=True, slots=True)
class SayUnreadable:
    code: ClassVar = RouteCode.UNREADABLE
    reason: ClassVar = RouteReason.EMPTY


@dataclass(frozen=True, slots=True)
class Ignore:
    code: ClassVar = RouteCode.IGNORED
    reason: ClassVar = RouteReason.HEARD_BEFORE


@dataclass(frozen=True, slots=True)
class JoinAlbum:
    """A later part of an album."""

    message: Message
    code: ClassVar = RouteCode.ALBUM
    reason: ClassVar = RouteReason.ALBUM_PART


@dataclass(frozen=True, slots=True)
class TakeEdit:
    """Other words for a message that is stored."""

    message: Message
    code: ClassVar = RouteCode.EDIT
    reason: ClassVar = RouteReason.EDITED


@dataclass(frozen=True, slots=True)
class RunCommand:
    name: str
    args: str
    reason: RouteReason
    code: ClassVar = RouteCode.COMMAND


@dataclass(frozen=True, slots=True)
class KeepSilently:
    """Kept where it surely belongs: a draft, a ticket, or neither."""

    draft: Flow | None
    ticket: Ticket | None
    code: ClassVar = RouteCode.KEPT
    reason: ClassVar = RouteReason.TOO_FAST


@dataclass(frozen=True, slots=True)
class StartTicket:
    """The category is asked for; the words are there already."""

    code: ClassVar = RouteCode.DRAFT
    reason: ClassVar = RouteReason.NEW_WITH_WORDS


@dataclass(frozen=True, slots=True)
class AddToDraft:
    draft: Flow
    code: ClassVar = RouteCode.DRAFT
    reason: ClassVar = RouteReason.DRAFT_OPEN


@dataclass(frozen=True, slots=True)
class CommentOnRating:
    flow: Flow
    code: ClassVar = RouteCode.COMMENT
    reason: ClassVar = RouteReason.COMMENT_AWAITED


@dataclass(frozen=True, slots=True)
class JoinTicket:
    ticket: Ticket
    reason: RouteReason
    code: ClassVar = RouteCode.TICKET


@dataclass(frozen=True, slots=True)
class AskToReopen:
    """A reply to a ticket that takes no words as it stands."""

    ticket: Ticket
    code: ClassVar = RouteCode.CLOSED_TICKET
    reason: ClassVar = RouteReason.REPLIED


@dataclass(frozen=True, slots=True)
class AskWhich:
    tickets: tuple[Ticket, ...]
    code: ClassVar = RouteCode.WHICH_TICKET
    reason: ClassVar = RouteReason.SEVERAL_OPEN


@dataclass(frozen=True, slots=True)
class AskRequest:
    """Is it about the open data request, or something new? A support matter is not filed there."""

    ticket: Ticket
    """The talk of the request."""
    request: str
    """Its number."""
    code: ClassVar = RouteCode.REQUEST_OR_NEW
    reason: ClassVar = RouteReason.REQUEST_OPEN


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """Staff are to read it, as the desk said when it asked for these words."""

    code: ClassVar = RouteCode.NEW_TICKET
    reason: ClassVar = RouteReason.DESK_ASKED


@dataclass(frozen=True, slots=True)
class OfferSupport:
    """Send it to support, or take up one of the resolved matters again?"""

    resolved: tuple[Ticket, ...]
    code: ClassVar = RouteCode.OFFER
    reason: ClassVar = RouteReason.NOTHING_OPEN


@dataclass(frozen=True, slots=True)
class ShowAnswer:
    answer: Answer
    tickets: tuple[Ticket, ...]
    """Open ones, to which the question can be added instead."""
    reason: RouteReason
    code: ClassVar = RouteCode.POLICY


@dataclass(frozen=True, slots=True)
class AnswerBeside:
    """Kept where it belongs, so that staff see it, and answered from the policy as well."""

    kept: "Placed"
    answer: Answer
    code: ClassVar = RouteCode.POLICY_BESIDE

    @property
    def reason(self) -> RouteReason:
        return self.kept.reason


@dataclass(frozen=True, slots=True)
class MenuBeside:
    """Kept where it belongs, with the menu of data requests beside it."""

    kept: "Placed"
    code: ClassVar = RouteCode.MENU_BESIDE

    @property
    def reason(self) -> RouteReason:
        return self.kept.reason


@dataclass(frozen=True, slots=True)
class Notices:
    """What this chat was told of and may stop: requests, and accounts that were tied lately."""

    requests: tuple[DataRequest, ...] = ()
    accounts: tuple[Account, ...] = ()


@dataclass(frozen=True, slots=True)
class AskIfNotMe:
    """The words say "this was not me": is it to be stopped? They alone freeze and cut nothing."""

    denied: Notices
    kept: "IntoTicket | None"
    code: ClassVar = RouteCode.NOT_ME
    reason: ClassVar = RouteReason.SAYS_NOT_ME


@dataclass(frozen=True, slots=True)
class SayEngineAway:
    reason: RouteReason
    code: ClassVar = RouteCode.ENGINE_AWAY


@dataclass(frozen=True, slots=True)
class ShowDataMenu:
    """What is wished for is the reason, and the menu is the same for each.

    On purpose: nothing is erased, and no request begins, without a press that says which kind.
    """

    reason: RouteReason
    code: ClassVar = RouteCode.DATA_MENU


@dataclass(frozen=True, slots=True)
class Greet:
    code: ClassVar = RouteCode.GREETING
    reason: ClassVar = RouteReason.GREETED


@dataclass(frozen=True, slots=True)
class AnswerThanks:
    code: ClassVar = RouteCode.THANKS
    reason: ClassVar = RouteReason.THANKED


Proof = TakeCode | TakeAddress | TakeContact
"""Steps of a proof; what was typed is stored nowhere."""
Unkept = SayUnreadable | Ignore | JoinAlbum | TakeEdit | RunCommand
"""What makes no message of its own."""
Placed = JoinTicket | AskWhich | AskRequest | CommentOnRating
"""Where words belong beside which something else may be said."""
IntoTicket = (
    Placed
    | AnswerBeside
    | MenuBeside
    | AskIfNotMe
    | KeepSilently
    | StartTicket
    | AddToDraft
    | AskToReopen
    | OpenTicket
)
OwnReply = OfferSupport | ShowAnswer | SayEngineAway | ShowDataMenu | Greet | AnswerThanks
Kept = IntoTicket | OwnReply
"""Words that are stored, with their route."""
Settled = Proof | Unkept | Kept


@dataclass(frozen=True, slots=True)
class AskPolicy:
    """The engine is asked, outside of any transaction; what it says settles the route."""

    reason: RouteReason
    """Why its answer is shown, where it is."""
    takes_any: bool
    """Also an answer that it is not sure of; else a sure one only."""
    tickets: tuple[Ticket, ...]
    otherwise: Kept
    """Where it goes without an answer."""
    beside: Placed | None = None
    """Where it is kept all the same while the policy answers; None: the answer is all."""


Route = Settled | AskPolicy


@dataclass(frozen=True, slots=True)
class Handled:
    """How an update ended, for the log: codes only."""

    code: RouteCode
    reason: RouteReason
    refusal: str = ""
    """The key of what the desk refused while it was carried out; the client was told."""
    message: str = ""
    """The id under which the words were stored."""
