"""What staff press and send about data requests: each is one use case, in their own name."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot.application.requests import decisions, protective_actions
from bot.application.requests.intake import name_subject, write_down
from bot.application.requests.request_context import Click
from bot.application.views.request_card import request_card
from bot.domain.addresses import Language, RequestId
from bot.domain.errors import Refused
from bot.domain.identity.levels import ProofKind
from bot.domain.requests.states import DenialCode, ExtensionReason, HoldReason, RequestType
from bot.domain.tickets.reply_prefix import visible_words
from handlers.slack.blocks.request_modals import APPROVE, UPHOLD, WRITE_DOWN
from handlers.slack.handling.buttons import Press
from handlers.slack.handling.form_checks import OF_ITS_OWN, Form
from handlers.slack.handling.staff_session import StaffSession
from handlers.slack.payloads.intents import Pressed, Submitted

NO_CANONICAL = ("requests.reason_canonical_does_not_count",)
"""No other request was named yet."""


def click_of(ref: str) -> Click:
    """`id:version:plan:mark` as a button carries it; older cards carry less."""
    request, version, _, mark = _parts(ref)
    return Click(request, int(version) if version.isascii() and version.isdigit() else None, mark)


def _parts(ref: str) -> list[str]:
    return [*ref.split(":"), "", "", ""][:4]


async def _deny(session: StaffSession, form: Submitted) -> None:
    code = DenialCode(form.values["code"])
    await session.do(decisions.deny, click=click_of(form.ref), code=code, texts=_texts(form))


def _texts(form: Submitted) -> Mapping[Language, str]:
    """What the client is to read, by language; characters that show nothing are nothing."""
    typed = {each: form.values.get(f"text_{each}", "") for each in Language}
    return {each: text for each, text in typed.items() if visible_words(text)}


async def _hold(session: StaffSession, form: Submitted) -> None:
    reason = HoldReason(form.values["hold_reason"])
    await session.do(decisions.hold, click=click_of(form.ref), reason=reason, texts=_texts(form))


async def _hand_over(session: StaffSession, form: Submitted) -> None:
    note = form.values.get("reason", "")
    note = note if visible_words(note) else ""
    await session.do(decisions.hand_over, click=click_of(form.ref), note=note)


async def _extend(session: StaffSession, form: Submitted) -> None:
    reason = ExtensionReason(form.values["extension_reason"])
    await session.do(decisions.extend, click=click_of(form.ref), reason=reason)


async def _vouch(session: StaffSession, form: Submitted) -> None:
    click = click_of(form.ref)
    await session.do(
        protective_actions.vouch,
        request=click.request,
        seen=click.seen,
        mark=click.mark,
        kind=ProofKind(form.values["proof"]),
        reason=form.values.get("reason", ""),
    )


async def _name(session: StaffSession, form: Submitted) -> None:
    await session.do(name_subject, click=click_of(form.ref), person=form.values["person"])


async def _may_be_named(session: StaffSession, form: Submitted) -> None:
    card = await session.bus.look(request_card, RequestId(form.ref.partition(":")[0]))
    if "name" not in card.actions:
        raise Refused("requests.stale", number=card.number, state=card.state)


async def _write_down(session: StaffSession, form: Submitted) -> None:
    kind = RequestType(form.values["type"])
    await session.do(write_down, ticket=form.values["client"], kind=kind)


async def _judge(session: StaffSession, form: Submitted) -> None:
    upholds = form.values["judgement"] == UPHOLD
    await session.do(
        decisions.judge_appeal, click=click_of(form.ref), upholds=upholds, texts=_texts(form)
    )


async def _duplicate(session: StaffSession, form: Submitted) -> None:
    click = click_of(form.ref)
    await session.do(decisions.mark_duplicate, click=click, of=form.values["canonical"])


async def _approve(session: StaffSession, form: Submitted) -> None:
    """What was shown is what is approved: any step in between is told instead."""
    click = replace(click_of(form.ref), mark="")
    await session.do(decisions.approve, click=click, plan=_parts(form.ref)[2])


async def _may_approve(session: StaffSession, form: Submitted) -> None:
    """At the press a card that shows the same is as good as new, however old it is."""
    plan = _parts(form.ref)[2]
    await session.do(decisions.approve, click=click_of(form.ref), plan=plan)


def _guarding(use_case: Callable[..., Awaitable[object]]) -> Press:
    async def press(session: StaffSession, pressed: Pressed) -> None:
        await session.do(use_case, request=pressed.ref.partition(":")[0])

    return press


def _deciding(use_case: Callable[..., Awaitable[object]]) -> Press:
    async def press(session: StaffSession, pressed: Pressed) -> None:
        await session.do(use_case, click=click_of(pressed.ref))

    return press


REQUEST_BUTTONS: Mapping[str, Press] = {
    "request_freeze": _guarding(protective_actions.freeze),
    "request_lift_freeze": _guarding(protective_actions.agree_to_lift),
    "request_call_back": _guarding(protective_actions.record_call_back),
    "request_staff_path": _guarding(protective_actions.open_staff_path),
    "request_release": _deciding(decisions.release),
    "request_send_back": _deciding(decisions.send_back),
    "request_fulfil": _deciding(decisions.fulfil_by_hand),
    "request_contact_change": _deciding(decisions.call_contact_change),
}
REQUEST_FORMS: Mapping[str, Form] = {
    APPROVE: Form(_approve, "", may_open=_may_approve),
    "request_deny": Form(_deny, "text_en", probe={"code": DenialCode.OTHER, "text_en": "-"}),
    "request_hold": Form(_hold, "hold_reason", probe={"hold_reason": HoldReason.INTERNAL}),
    "request_hand_over": Form(_hand_over, "reason", probe={"reason": "-"}),
    "request_extend": Form(
        _extend, "extension_reason", probe={"extension_reason": ExtensionReason.COMPLEX}
    ),
    "request_name": Form(_name, "person", may_open=_may_be_named),
    "request_vouch": Form(_vouch, "reason", probe={"proof": next(iter(ProofKind)), "reason": "-"}),
    WRITE_DOWN: Form(_write_down, "client"),
    "request_judge": Form(_judge, "judgement", probe={"judgement": UPHOLD, "text_en": "-"}),
    "request_duplicate": Form(
        _duplicate, "canonical", probe={"canonical": OF_ITS_OWN}, pardoned=NO_CANONICAL
    ),
}
