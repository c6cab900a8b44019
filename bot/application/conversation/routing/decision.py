"""Where an update goes: one decision, made once, as a value.

It is made before the engine is asked, to know whether it must be, and again within the transaction
that carries it out. Nothing else decides: whoever wants to know why something went where it did
reads `decide` from above, and finds the first line that holds.
"""

from dataclasses import dataclass, replace

from bot.answering.engine import Answer, Outcome
from bot.answering.language.words import MAX_CHARS
from bot.application.conversation import dialog_state
from bot.application.conversation.inbound_message import Incoming
from bot.application.conversation.menu import menu_verb
from bot.application.conversation.phrases import (
    DataIntent,
    data_wish,
    is_greeting,
    is_question,
    is_thanks,
)
from bot.application.conversation.routes import (
    AddToDraft,
    AnswerThanks,
    AskPolicy,
    AskToReopen,
    AskWhich,
    CommentOnRating,
    Greet,
    Ignore,
    JoinAlbum,
    JoinTicket,
    KeepSilently,
    Kept,
    OfferSupport,
    Proof,
    Route,
    RunCommand,
    SayEngineAway,
    SayUnreadable,
    Settled,
    ShowAnswer,
    ShowDataMenu,
    StartTicket,
    TakeAddress,
    TakeCode,
    TakeContact,
    TakeEdit,
    Unkept,
)
from bot.application.conversation.ticket_assignment import takes_words
from bot.application.conversation.verification.proof_parsing import (
    address_in,
    contact_of,
    is_link,
    mask_codes,
)
from bot.application.ports.tickets import Flow
from bot.domain.identity.codes import read_code
from bot.domain.requests.request import DataRequest
from bot.domain.text import pieces
from bot.domain.tickets.message import Message
from bot.domain.tickets.routes import RouteReason
from bot.domain.tickets.ticket import Ticket

_WITH_WORDS = ("ask", "new")
"""Commands whose words are kept as something said."""
_REASONS = {
    DataIntent.ERASE: RouteReason.WANTS_ERASURE,
    DataIntent.GET: RouteReason.WANTS_COPY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingState:
    """What the decision depends on besides the update; the defaults are those of a stranger."""

    may_speak: bool = True
    is_secret_time: bool = False
    """A code is, or was lately, on its way to this client: eight digits are never kept."""
    waiting: DataRequest | None = None
    """The newest request for which this chat can still prove something."""
    known: Message | None = None
    """What is stored under the platform's id of this very message."""
    album: Message | None = None
    """What the album of this message began with."""
    replied: Ticket | None = None
    """The ticket of the message that this replies to."""
    flow: Flow | None = None
    """The dialog the client is in."""
    flow_ticket: Ticket | None = None
    """The ticket of that dialog, where it still takes words."""
    live: tuple[Ticket, ...] = ()
    resolved: tuple[Ticket, ...] = ()
    """Two at most, and looked up only where nothing is live."""

    def is_in(self, name: str) -> bool:
        return self.flow is not None and self.flow.name == name


def decide(state: RoutingState, incoming: Incoming) -> Route:
    """Where an update of a client goes, and why; pure, and the only place that says so."""
    proof = _proof_in(state, incoming)
    if proof is not None:
        return proof
    heard = storable(state, incoming)
    if (unkept := _unkept(state, heard)) is not None:
        return unkept
    if (command := heard.command()) is not None:
        return _command(state, heard, *command)
    if not heard.attachments and (verb := menu_verb(heard.text)) is not None:
        return RunCommand(verb, "", RouteReason.MENU_LABEL_TYPED)
    return _words(state, heard)


def settle(route: Route, answer: Answer | None) -> Settled:
    """The route once the engine was asked; None: it was not, or it failed."""
    if not isinstance(route, AskPolicy):
        return route
    if answer is None or not (route.takes_any or answer.outcome is Outcome.ANSWER):
        return route.otherwise
    return ShowAnswer(answer, route.tickets, route.reason)


def question_in(incoming: Incoming) -> str:
    """What the policy engine would be asked: plain words, or those of `/ask`; empty: nothing."""
    heard = incoming.cleaned()
    name, text = heard.command() or ("", heard.text.strip())
    if heard.attachments or name not in ("", "ask") or len(text) > MAX_CHARS:
        return ""
    is_other = is_greeting(text) or is_thanks(text) or menu_verb(text) or data_wish(text)
    return "" if is_other and not name else text


def storable(state: RoutingState, incoming: Incoming) -> Incoming:
    """What may be kept of it: while a code is about, no eight digits."""
    if not state.is_secret_time or is_link(incoming):
        return incoming
    return replace(incoming, text=mask_codes(incoming.text))


def words_in(heard: Incoming) -> Incoming:
    """What is kept as said: of `/ask ...` and `/new ...` the words behind it."""
    command = heard.command()
    return heard if command is None else replace(heard, text=command[1], spans=())


def ends_dialog(state: RoutingState, incoming: Incoming, route: Settled) -> bool:
    """Whether the dialog is over with this text: it waited for one, and took it or let it pass."""
    is_talk = isinstance(route, Kept) and incoming.command() is None
    is_elsewhere = isinstance(route, KeepSilently) or state.replied is not None
    waits_for_one = state.is_in(dialog_state.ASK) or state.is_in(dialog_state.ADD)
    return is_talk and waits_for_one and not is_elsewhere


def _proof_in(state: RoutingState, incoming: Incoming) -> Proof | None:
    """A step of whatever is to be proved; else it is talk."""
    code = read_code(incoming.text) if state.is_secret_time else None
    if code is not None:
        return TakeCode(code)
    is_linking = state.is_in(dialog_state.LINK)
    if incoming.command() is not None or not (is_linking or state.waiting):
        return None
    request = None if is_linking else state.waiting
    card, address = contact_of(incoming), address_in(incoming)
    if card is not None:
        return TakeContact(card, request)
    is_wanted = request is None or request.facts.proofs.code_at is None
    return TakeAddress(address, request) if address and is_wanted else None


def _unkept(state: RoutingState, heard: Incoming) -> Unkept | None:
    """What makes no message of its own: it is stored already, or is nothing."""
    if state.known is not None and heard.is_edit:
        return TakeEdit(state.known)
    if heard.is_empty:
        return SayUnreadable()
    if state.known is not None:
        return Ignore()
    return JoinAlbum(state.album) if state.album is not None else None


def _command(state: RoutingState, heard: Incoming, name: str, args: str) -> Route:
    """A command; the words of `/ask ...` and `/new ...` are kept like any others."""
    if not args or name not in _WITH_WORDS:
        return RunCommand(name, args, RouteReason.COMMAND_TYPED)
    if not state.may_speak:
        return _silently(state)
    return StartTicket() if name == "new" else _talk(state, heard, is_asked=True)


def _silently(state: RoutingState) -> KeepSilently:
    """Too fast to be answered: kept where it surely belongs, and the client is told once."""
    if state.is_in(dialog_state.NEW):
        return KeepSilently(state.flow, None)
    target = state.replied or (state.live[0] if len(state.live) == 1 else None)
    return KeepSilently(None, target if target is not None and takes_words(target) else None)


def _words(state: RoutingState, heard: Incoming) -> Route:
    """Words or files: a reply, the dialog that waits for them, or talk."""
    if not state.may_speak:
        return _silently(state)
    if state.replied is not None:
        return _reply(state.replied)
    return _dialog(state, heard) or _talk(state, heard, is_asked=state.is_in(dialog_state.ASK))


def _reply(ticket: Ticket) -> Route:
    if takes_words(ticket):
        return JoinTicket(ticket, RouteReason.REPLIED)
    return AskToReopen(ticket)


def _dialog(state: RoutingState, heard: Incoming) -> Route | None:
    """The dialog takes it; a question is never taken for the comment of a rating."""
    flow = state.flow
    if flow is not None and flow.name == dialog_state.NEW:
        return AddToDraft(flow)
    if flow is not None and flow.name == dialog_state.COMMENT and not is_question(_said(heard)):
        return CommentOnRating(flow)
    if state.flow_ticket is not None:
        return JoinTicket(state.flow_ticket, RouteReason.WORDS_AWAITED)
    return None


def _talk(state: RoutingState, heard: Incoming, *, is_asked: bool) -> Route:
    """No dialog and no reply: a wish, the policy's answer, the open tickets, or what to do next."""
    said = _said(heard)
    intent = data_wish(said)
    if intent is not None:
        return ShowDataMenu(_REASONS[intent])
    if is_asked:
        otherwise: Kept = SayEngineAway(RouteReason.ASKED_POLICY)
    else:
        otherwise = _without_policy(state, heard, said)
    if not question_in(heard) or (state.waiting is not None and address_in(heard)):
        return otherwise
    takes_any = isinstance(otherwise, SayEngineAway)
    reason = otherwise.reason if takes_any else RouteReason.POLICY_SAYS
    return AskPolicy(reason, takes_any, state.live, otherwise)


def _without_policy(state: RoutingState, heard: Incoming, said: str) -> Kept:
    if len(state.live) == 1:
        return JoinTicket(state.live[0], RouteReason.ONLY_OPEN_TICKET)
    if state.live:
        return AskWhich(state.live)
    if is_greeting(said):
        return Greet()
    if is_thanks(said):
        return _thanks(state.resolved)
    if is_question(said) and not heard.attachments:
        return SayEngineAway(RouteReason.QUESTION_NOTHING_OPEN)
    return OfferSupport(state.resolved)


def _thanks(resolved: tuple[Ticket, ...]) -> Kept:
    if len(resolved) == 1:
        return JoinTicket(resolved[0], RouteReason.THANKED_FOR_RESOLVED)
    return AnswerThanks()


def _said(heard: Incoming) -> str:
    """The words as the first of its messages keeps them."""
    return pieces(words_in(heard).text)[0]
