"""What staff press and send about data requests: each is one use case, in their own name."""

from collections.abc import Awaitable, Callable

from bot.application.ports import UnitOfWork
from bot.application.requests import decisions, protective_actions
from bot.application.requests.intake import name_subject, write_down
from bot.application.requests.request_context import Click, the_request
from bot.application.staff_desk.queries import the_ticket
from bot.domain.addresses import Language
from bot.domain.errors import Refused
from bot.domain.identity.levels import ProofKind
from bot.domain.requests.states import DenialCode, ExtensionReason, HoldReason, RequestType
from handlers.slack.blocks.request_modals import UPHOLD, WRITE_DOWN
from handlers.slack.handling.form_checks import Wrong
from handlers.slack.handling.staff_session import Doer
from handlers.slack.payloads.intents import Pressed, Submitted

GUARDING = {
    "request_freeze": protective_actions.freeze,
    "request_lift_freeze": protective_actions.agree_to_lift,
    "request_call_back": protective_actions.record_call_back,
    "request_staff_path": protective_actions.open_staff_path,
}
DECIDING = {
    "request_release": decisions.release,
    "request_send_back": decisions.send_back,
    "request_fulfil": decisions.fulfil_by_hand,
    "request_contact_change": decisions.call_contact_change,
}


async def press_on_request(doer: Doer, pressed: Pressed) -> bool:
    """Do what a button of a request's card says; False: it is no such button.

    Raises:
        Refused: as the use case says.
    """
    if pressed.verb == "request_approve":
        plan = pressed.ref.rpartition(":")[2]
        await doer.do(decisions.approve, click=click_of(pressed.ref), plan=plan)
    elif pressed.verb in GUARDING:
        request = pressed.ref.partition(":")[0]
        await doer.do(GUARDING[pressed.verb], request=request)
    elif pressed.verb in DECIDING:
        await doer.do(DECIDING[pressed.verb], click=click_of(pressed.ref))
    else:
        return False
    return True


async def take_request_form(doer: Doer, form: Submitted) -> bool:
    """Do what a dialog about a request says; False: it is no such dialog.

    Raises:
        Refused: as the use case says.
    """
    if form.dialog not in _FORMS:
        return False
    await _FORMS[form.dialog](doer, form)
    return True


async def check_request_form(work: UnitOfWork, form: Submitted) -> Submitted:
    """Is it filled in right? The use case asks again. Raises Wrong."""
    if form.dialog == WRITE_DOWN:
        await _check_client(work, form)
        return form
    first = next(iter(form.values), "")
    try:
        await the_request(work, form.ref.partition(":")[0])
    except Refused as error:
        raise Wrong(first, error) from error
    checker = _CHECKS.get(form.dialog)
    if checker is not None:
        await checker(work, form)
    return form


def click_of(ref: str) -> Click:
    """`id:version:plan` as a button carries it."""
    request, version, *_ = [*ref.split(":"), "", ""]
    return Click(request, int(version) if version.isascii() and version.isdigit() else None)


async def _deny(doer: Doer, form: Submitted) -> None:
    texts = {each: form.values.get(f"text_{each}", "") for each in Language}
    code = DenialCode(form.values["code"])
    await doer.do(decisions.deny, click=click_of(form.ref), code=code, texts=texts)


async def _hold(doer: Doer, form: Submitted) -> None:
    reason = HoldReason(form.values["hold_reason"])
    await doer.do(decisions.hold, click=click_of(form.ref), reason=reason)


async def _extend(doer: Doer, form: Submitted) -> None:
    reason = ExtensionReason(form.values["extension_reason"])
    await doer.do(decisions.extend, click=click_of(form.ref), reason=reason)


async def _vouch(doer: Doer, form: Submitted) -> None:
    await doer.do(
        protective_actions.vouch,
        request=form.ref.partition(":")[0],
        kind=ProofKind(form.values["proof"]),
        reason=form.values.get("reason", ""),
        seen=click_of(form.ref).seen,
    )


async def _name(doer: Doer, form: Submitted) -> None:
    await doer.do(name_subject, click=click_of(form.ref), person=form.values["person"])


async def _write_down(doer: Doer, form: Submitted) -> None:
    kind = RequestType(form.values["type"])
    await doer.do(write_down, ticket=form.values["client"], kind=kind)


async def _judge(doer: Doer, form: Submitted) -> None:
    upholds = form.values["judgement"] == UPHOLD
    await doer.do(decisions.judge_appeal, click=click_of(form.ref), upholds=upholds)


async def _duplicate(doer: Doer, form: Submitted) -> None:
    click = click_of(form.ref)
    await doer.do(decisions.mark_duplicate, click=click, of=form.values["canonical"])


async def _check_client(work: UnitOfWork, form: Submitted) -> None:
    try:
        await the_ticket(work, form.values.get("client", ""))
    except Refused as error:
        raise Wrong("client", error) from error


async def _check_deny(_: UnitOfWork, form: Submitted) -> None:
    if not any(form.values.get(f"text_{each}", "").strip() for each in Language):
        raise Wrong("text_en", Refused("request_card.reason_needed"))


async def _check_vouch(_: UnitOfWork, form: Submitted) -> None:
    is_document = form.values.get("proof") == ProofKind.DOCUMENT_SEEN
    if is_document and not form.values.get("reason", "").strip():
        raise Wrong("reason", Refused("requests.reason_document_without_reason"))


async def _check_duplicate(work: UnitOfWork, form: Submitted) -> None:
    try:
        await the_request(work, form.values.get("canonical", ""))
    except Refused as error:
        raise Wrong("canonical", error) from error


_FORMS: dict[str, Callable[[Doer, Submitted], Awaitable[None]]] = {
    "request_deny": _deny,
    "request_hold": _hold,
    "request_extend": _extend,
    "request_name": _name,
    "request_vouch": _vouch,
    WRITE_DOWN: _write_down,
    "request_judge": _judge,
    "request_duplicate": _duplicate,
}
REQUEST_FORMS = frozenset(_FORMS)
_CHECKS: dict[str, Callable[[UnitOfWork, Submitted], Awaitable[None]]] = {
    "request_deny": _check_deny,
    "request_vouch": _check_vouch,
    "request_duplicate": _check_duplicate,
}
