"""`privacydesk tour erasure`: a client asks to be erased, two approvers agree, time passes.

Everything goes over the wire, and time passes by the clock of the page.
"""

import re
from collections.abc import Callable
from typing import Final

from bot.domain.addresses import Language
from bot.wording import say
from handlers.sandbox import tour_scene
from handlers.sandbox.sample_people import STAFF, StaffPart
from handlers.sandbox.slack.block_kit.block_state import said
from handlers.sandbox.slack.workspace import Message
from handlers.sandbox.tour_scene import Scene, called, fill_in
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

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._client = scene.client

    async def play(self) -> None:
        """From the first word to the end of the waiting time."""
        await self._ask()
        await self._prove()
        card = await self._confirm()
        for approver in _APPROVERS:
            await self._approve(card, approver)
        await self._wait(card)
        self._scene.sum_up("erasure_done")

    async def _ask(self) -> None:
        scene = self._scene
        async with scene.at("erasure_ask"):
            scene.write(await self._client.start())
            await scene.expect(button=scene.label("conversation.menu_new"))
            scene.write(await self._client.say("/erase"))
            scene.show(await scene.expect(button=scene.label(_SEND_CODE)))

    async def _prove(self) -> None:
        """By the code that came by mail, and by the phone's own number."""
        scene, address = self._scene, self._scene.part.email
        async with scene.at("erasure_prove"):
            await scene.tap(scene.label(_SEND_CODE))
            scene.write(await self._client.say(address))
            mail = await scene.world.mailbox.expect(
                address, timeout_seconds=tour_scene.PATIENCE_SECONDS
            )
            scene.line("mail", subject=mail.subject)
            scene.write(await self._client.say(_CODE.findall(mail.text)[0]))
            await scene.expect(scene.label("identity.ask_phone"))
            await scene.tap(scene.label(_SHARE_PHONE))
            scene.show(await scene.expect(button=scene.label(_CONFIRM)))

    async def _confirm(self) -> Message:
        scene = self._scene
        async with scene.at("erasure_confirm"):
            await scene.tap(scene.label(_CONFIRM))
            scene.show(await scene.expect("R-"))
            first = scene.person(_APPROVERS[0])
            card = await first.expect("R-", _PRIVACY, tour_scene.PATIENCE_SECONDS)
            scene.post(card)
            return card

    async def _approve(self, card: Message, approver: StaffPart) -> None:
        scene, person = self._scene, self._scene.person(approver)
        async with scene.at("erasure_approve"):
            before = said(card.blocks)
            await scene.click(approver, "Approve", _PRIVACY, card)
            modal = await person.expect_modal(timeout_seconds=tour_scene.PATIENCE_SECONDS)
            await fill_in(person, modal, scene.words("resolution"))
            if await person.submit():
                raise TimeoutError
            scene.line("approved", agent=called(approver))
            await self._until(lambda: said(card.blocks) != before)

    async def _until(self, found: Callable[[], bool]) -> None:
        """Until something in the workspace has become so. Raises TimeoutError."""
        changes = self._scene.world.slack.state.changes
        await changes.until(lambda _: found(), tour_scene.PATIENCE_SECONDS)

    async def _wait(self, card: Message) -> None:
        """Three days in a moment, on the clock of everybody here."""
        scene = self._scene
        async with scene.at("erasure_wait"):
            scene.post(card)
            await scene.world.clock.step(Step.DAYS)
            scene.line("days_pass")
            await self._until(lambda: _READY in said(card.blocks))
            scene.post(card)
