"""What staff press and send while a request is carried out: each is one use case, in their name."""

from collections.abc import Mapping

from bot.application.fulfilment import attention
from bot.application.fulfilment.manual_steps import tick_manual_step, waiting_steps
from bot.application.fulfilment.tick_off import Judged, open_findings, tick_off
from bot.domain.addresses import RequestId
from bot.domain.errors import Refused
from bot.domain.fulfilment.steps import ManualOutcome, TickReason
from bot.domain.fulfilment.tick_rules import reasons_for
from handlers.slack.blocks.fulfilment_modals import FINDINGS, MANUAL
from handlers.slack.handling.buttons import Press
from handlers.slack.handling.form_checks import Form
from handlers.slack.handling.request_actions import click_of
from handlers.slack.handling.staff_session import StaffSession
from handlers.slack.payloads.intents import Pressed, Submitted


async def _retry(session: StaffSession, pressed: Pressed) -> None:
    await session.do(attention.retry, click=click_of(pressed.ref))


async def _tick_off(session: StaffSession, form: Submitted) -> None:
    """Only what was shown and chosen."""
    judged = list[Judged]()
    for place, shown in enumerate(form.places):
        finding, _, hits = shown.partition(":")
        if reason := form.values.get(f"finding_{place}", ""):
            judged.append(Judged(finding, TickReason(reason), int(hits)))
    await session.do(tick_off, click=click_of(form.ref), judged=judged)


async def _may_tick_off(session: StaffSession, form: Submitted) -> None:
    """On trial with the first of them: whether this person may, and anything is open."""
    request = RequestId(form.ref.partition(":")[0])
    found = await session.bus.look(open_findings, request)
    if not found:
        raise Refused("fulfilment.nothing_open")
    first = Judged(found[0].id, reasons_for(found[0])[0])
    await session.do(tick_off, click=click_of(form.ref), judged=[first])


async def _tick_step(session: StaffSession, form: Submitted) -> None:
    outcome = ManualOutcome(form.values["outcome"])
    click = click_of(form.ref)
    await session.do(tick_manual_step, click=click, step=form.values["step"], outcome=outcome)


async def _may_tick_step(session: StaffSession, form: Submitted) -> None:
    request = RequestId(form.ref.partition(":")[0])
    waiting = await session.bus.look(waiting_steps, request)
    if not waiting:
        raise Refused("fulfilment.no_step_waits")
    click, step = click_of(form.ref), waiting[0].source
    await session.do(tick_manual_step, click=click, step=step, outcome=ManualOutcome.DONE)


FULFILMENT_BUTTONS: Mapping[str, Press] = {"request_retry": _retry}
FULFILMENT_FORMS: Mapping[str, Form] = {
    FINDINGS: Form(_tick_off, "finding_0", may_open=_may_tick_off),
    MANUAL: Form(_tick_step, "step", may_open=_may_tick_step),
}
