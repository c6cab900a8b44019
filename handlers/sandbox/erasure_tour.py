"""`privacydesk tour erasure`: a client asks to be erased, two approvers agree, time passes.

Everything goes over the wire, and time passes by the clock of the page.
"""

import re
from collections.abc import Callable
from typing import Final

from bot.domain.addresses import Language
from bot.wording import say
from handlers.sandbox import tour_stage
from handlers.sandbox.sample_people import STAFF, StaffPart
from handlers.sandbox.slack.block_kit.block_state import said
from handlers.sandbox.slack.workspace import Message
from handlers.sandbox.tour_stage import Stage, called, fill_in
from handlers.sandbox.town_clock import Step

_PRIVACY: Final = "#privacy-requests"
_CODE: Final = re.compile(r"\b\d{8}\b")
_APPROVERS: Final = tuple(one for one in STAFF if one.is_approver)
_READY: Final = say("request_card.ready", Language.EN)
"""Staff read English in the sandbox, whatever the client reads."""
_SEND_CODE: Final = "identity.button_send_code"
_SHARE_PHONE: Final = "identity.button_share_phone"
_CONFIRM: Final = "requests.button_confirm_erasure"


class ErasureTour:
    """One erasure on a running desk."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._client = stage.client

    async def play(self) -> None:
        """From the first word to the end of the waiting time."""
        await self._ask()
        await self._prove()
        card = await self._confirm()
        for approver in _APPROVERS:
            await self._approve(card, approver)
        await self._wait(card)
        self._stage.sum_up("erasure_done")

    async def _ask(self) -> None:
        stage = self._stage
        async with stage.at("erasure_ask"):
            stage.write(await self._client.start())
            await stage.expect(button=stage.label("conversation.menu_new"))
            stage.write(await self._client.say("/erase"))
            stage.show(await stage.expect(button=stage.label(_SEND_CODE)))

    async def _prove(self) -> None:
        """By the code that came by mail, and by the phone's own number."""
        stage, address = self._stage, self._stage.part.email
        async with stage.at("erasure_prove"):
            await stage.tap(stage.label(_SEND_CODE))
            stage.write(await self._client.say(address))
            mail = await stage.world.mailbox.expect(
                address, timeout_seconds=tour_stage.PATIENCE_SECONDS
            )
            stage.line("mail", subject=mail.subject)
            stage.write(await self._client.say(_CODE.findall(mail.text)[0]))
            await stage.expect(stage.label("identity.ask_phone"))
            await stage.tap(stage.label(_SHARE_PHONE))
            stage.show(await stage.expect(button=stage.label(_CONFIRM)))

    async def _confirm(self) -> Message:
        stage = self._stage
        async with stage.at("erasure_confirm"):
            await stage.tap(stage.label(_CONFIRM))
            stage.show(await stage.expect("R-"))
            first = stage.person(_APPROVERS[0])
            card = await first.expect("R-", _PRIVACY, tour_stage.PATIENCE_SECONDS)
            stage.post(card)
            return card

    async def _approve(self, card: Message, approver: StaffPart) -> None:
        stage, person = self._stage, self._stage.person(approver)
        async with stage.at("erasure_approve"):
            before = said(card.blocks)
            await stage.click(approver, "Approve", _PRIVACY, card)
            modal = await person.expect_modal(timeout_seconds=tour_stage.PATIENCE_SECONDS)
            await fill_in(person, modal, stage.words("resolution"))
            if await person.submit():
                raise TimeoutError
            stage.line("approved", agent=called(approver))
            await self._until(lambda: said(card.blocks) != before)

    async def _until(self, found: Callable[[], bool]) -> None:
        """Until something in the workspace has become so. Raises TimeoutError."""
        changes = self._stage.world.slack.state.changes
        await changes.until(lambda _: found(), tour_stage.PATIENCE_SECONDS)

    async def _wait(self, card: Message) -> None:
        """Three days in a moment, on the clock of everybody here."""
        stage = self._stage
        async with stage.at("erasure_wait"):
            stage.post(card)
            await stage.world.clock.step(Step.DAYS)
            stage.line("days_pass")
            await self._until(lambda: _READY in said(card.blocks))
            stage.post(card)
