"""The real desk, started as a person starts it, and a ticket from start to stars on its page."""

import asyncio
import os
import re
import signal
import sys
from pathlib import Path

import pytest
import pytest_asyncio

from tests.journeys.page.conftest import WIDE
from tests.support.drivers.hands import Hands

pytestmark = pytest.mark.asyncio(loop_scope="session")

START_SECONDS = 60
# The engine's first answer loads a model, and a machine that runs every test is slow.
PATIENCE_MILLISECONDS = 60_000


@pytest_asyncio.fixture(loop_scope="session")
async def address(tmp_path):
    """`privacydesk run` without any token; ended as by Ctrl-C, it ends well."""
    own = ("TELEGRAM_", "SLACK_", "SANDBOX", "DATABASE_URL", "SMTP_URL", "CLIENTS_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    desk = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "handlers", "run"),
        cwd=tmp_path,
        env=kept | {"PYTHONPATH": str(Path.cwd()), "REPLY_UNDO_SECONDS": "1"},
        stdout=asyncio.subprocess.PIPE,
    )
    assert desk.stdout is not None
    async with asyncio.timeout(START_SECONDS):
        line = (await desk.stdout.readline()).decode()
    found = re.search(r"http://127\.0\.0\.1:\d+/\?token=\S+", line)
    assert found is not None, line
    yield found[0]
    desk.send_signal(signal.SIGINT)
    async with asyncio.timeout(START_SECONDS):
        assert await desk.wait() == 0


@pytest_asyncio.fixture(loop_scope="session")
async def hands(address, browser):
    context = await browser.new_context(viewport=WIDE, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    page = await context.new_page()
    await page.goto(address)
    await page.wait_for_selector("body.is-ready")
    yield Hands(page)
    await context.close()


async def test_a_ticket_goes_from_start_to_stars_with_the_real_desk(hands):
    await ask_and_open(hands)
    await claim_note_and_reply(hands)
    await resolve(hands)

    await hands.press(hands.phone, "5 ★")
    await hands.sees(hands.phone, "Would you like to say why?")
    assert await hands.phone.get_by_text("Colleagues: the fibre was cut.").count() == 0


async def ask_and_open(hands):
    phone = hands.phone
    await hands.press(phone, "Start")
    await hands.sees(phone, "Choose your language")
    await hands.say("How long do you keep my information?")
    await hands.sees(phone, "We retain your information")
    await hands.say("/new")
    await hands.press(phone, "Technical problem")
    await hands.sees(phone, "Please write what happened")
    await hands.say("No internet since this morning. The light on the router is red.")
    await hands.press(phone, "Send")
    await hands.sees(phone, "T-000001 is open.")


async def claim_note_and_reply(hands):
    phone, staff = hands.phone, hands.staff
    await hands.sees(staff, "The light on the router is red.")
    await hands.press(staff, "Claim")
    await hands.sees(staff, "@Mina Rahman")
    await staff.locator("article.post").last.hover()
    await staff.get_by_role("button", name="Reply in thread").last.click()
    await hands.write(staff, "Write in the thread", "Colleagues: the fibre was cut.")
    await hands.write(staff, "Write in the thread", ">> A cable was cut; it works by 14:00.")
    await hands.sees(phone, "A cable was cut; it works by 14:00.")
    await hands.say("It works again since 13:40.")
    await hands.sees(staff, "It works again since 13:40.")


async def resolve(hands):
    await hands.staff.get_by_role("button", name="Resolve", exact=True).first.click()
    await hands.modal.locator("button[type=submit]").wait_for()
    await fill_required(hands)
    await hands.modal.locator("button[type=submit]").click()
    await hands.modal.wait_for(state="detached")


async def fill_required(hands):
    """Writes into every text field of the modal and takes the first of every menu."""
    for field in await hands.modal.locator("input.field:not([role]), textarea.field").all():
        if not await field.input_value():
            await field.fill("repaired")
    for menu in await hands.modal.locator("select.field").all():
        await menu.select_option(index=1)
    for boxes in await hands.modal.locator(".choices").all():
        await boxes.locator("input").first.check()
