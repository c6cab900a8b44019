"""`privacydesk tour erasure`: a client asks to be erased, two approvers agree, it is carried out.

Everything goes over the wire, and time passes by the clock of the page.
"""

import asyncio
import re
from collections.abc import Callable
from typing import Final

from bot.domain.addresses import Language
from bot.wording import say
from handlers.sandbox import tour_scene
from handlers.sandbox.mailbox import Mail
from handlers.sandbox.sample_people import STAFF, StaffPart
from handlers.sandbox.slack.block_kit.block_state import said
from handlers.sandbox.slack.workspace import Message
from handlers.sandbox.telegram import Bubble
from handlers.sandbox.tour_scene import Scene, called, fill_in
from handlers.sandbox.town_clock import Step

_PRIVACY: Final = "#privacy-requests"
_CODE: Final = re.compile(r"\b\d{8}\b")
_APPROVERS: Final = tuple(one for one in STAFF if one.is_approver)
_APPROVE: Final = say("request_card.do_approve", Language.EN)
_FINDINGS: Final = say("request_card.do_findings", Language.EN)
_KEPT: Final = say("request_card.state_fulfilled_with_retention", Language.EN)
"""Staff read English in the sandbox, whatever the client reads."""
_SEND_CODE: Final = "identity.button_send_code"
_SHARE_PHONE: Final = "identity.button_share_phone"
_CONFIRM: Final = "requests.button_confirm_erasure"
_ASKED_AGAIN_SECONDS: Final = 0.1
Check = Callable[[bytes], bool]
"""Whether a signed certificate holds, as `privacydesk certificate verify` says."""


class ErasureTour:
    """One erasure on a running desk."""

    def __init__(self, scene: Scene, check: Check) -> None:
        self._scene = scene
        self._check = check
        self._client = scene.client

    async def play(self) -> None:
        """From the first word to the certificate."""
        await self._ask()
        await self._prove()
        card = await self._confirm()
        for approver in _APPROVERS:
            await self._approve(card, approver)
        await self._wait(card)
        if _FINDINGS in str(card.blocks):
            await self._judge(card)
        await self._prove_erased()
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
            await self._until(lambda: _APPROVE in str(card.blocks))
            before = said(card.blocks)
            await scene.click(approver, _APPROVE, _PRIVACY, card)
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
            await self._until(lambda: _FINDINGS in str(card.blocks) or _KEPT in said(card.blocks))
            scene.post(card)

    async def _judge(self, card: Message) -> None:
        """Somebody else of that name is in the company's books: a person says so."""
        scene, approver = self._scene, _APPROVERS[0]
        person = scene.person(approver)
        async with scene.at("erasure_judge"):
            await scene.click(approver, _FINDINGS, _PRIVACY, card)
            modal = await person.expect_modal(timeout_seconds=tour_scene.PATIENCE_SECONDS)
            await fill_in(person, modal, scene.words("resolution"))
            if await person.submit():
                raise TimeoutError
            scene.line("judged", agent=called(approver))
            await self._until(lambda: _KEPT in said(card.blocks))
            scene.post(card)

    async def _prove_erased(self) -> None:
        """What is left in the company's database, and the certificate by chat and by mail."""
        scene = self._scene
        async with scene.at("erasure_proved"):
            scene.world.company.look()
            tables = scene.world.company.shown("", scene.part.external_id, only_theirs=True)
            for one in tables["tables"]:
                if one["theirs_total"]:
                    left, total = one["theirs_left"], one["theirs_total"]
                    scene.line("rows_left", table=one["name"], left=left, total=total)
            await self._come(lambda: len(self._files()) > 1)
            for one in self._files():
                scene.line("file_in_chat", file=one.file_name or "")
            await self._come(lambda: any(one.files for one in self._mails()))
            mail = next(one for one in self._mails() if one.files)
            scene.line("mail", subject=f"{mail.subject} ({', '.join(mail.files)})")
            signed = next(
                content
                for place in range(len(mail.files))
                if (found := mail.attachment(place)) is not None
                for name, content in (found,)
                if name.endswith(".json")
            )
            if not self._check(signed) or self._check(signed.replace(b"R-0", b"R-9", 1)):
                raise TimeoutError
            scene.line("certificate_holds")

    def _files(self) -> list[Bubble]:
        return [one for one in self._client.messages if one.file_name]

    def _mails(self) -> list[Mail]:
        return self._scene.world.mailbox.to(self._scene.part.email)

    async def _come(self, found: Callable[[], bool]) -> None:
        """Until it is there. Raises TimeoutError."""
        async with asyncio.timeout(tour_scene.PATIENCE_SECONDS):
            while not found():  # noqa: ASYNC110  # a mailbox and a chat: two kinds of waiting
                await asyncio.sleep(_ASKED_AGAIN_SECONDS)
