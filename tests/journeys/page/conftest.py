"""The made-up town, a desk that plays by rote in it, and a browser to look at the page."""

import shutil
import struct
import zlib
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import async_playwright

from handlers.sandbox.environment import sandbox_environment
from tests.journeys.page.scripted_desk import ScriptedDesk
from tests.support.drivers.real_time import real_time

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
NO_CHROMIUM = "no Chromium on this machine: the sandbox page is not driven (Debian: chromium)"
# Quiet: a browser under test speaks to this machine only.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 390, "height": 800}


@pytest_asyncio.fixture(loop_scope="session")
async def world():
    """No journey may leave a violation of either platform behind."""
    async with sandbox_environment(limits_on=False) as town:
        yield town
        assert town.violations == []


@pytest_asyncio.fixture(loop_scope="session")
async def desk(world):
    async with ScriptedDesk(world).at_work() as scripted:
        yield scripted


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser():
    """One for all tests: a start of Chromium takes seconds."""
    if CHROMIUM is None:
        pytest.skip(NO_CHROMIUM)
    with real_time():
        driver = await async_playwright().start()
        started = await driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield started
    await started.close()
    await driver.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def page(world, browser):
    """The page, opened as a person would; any error of its own fails the test."""
    errors: list[str] = []
    context = await browser.new_context(viewport=WIDE, reduced_motion="reduce")
    opened = await context.new_page()
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda said: said.type == "error" and errors.append(said.text))
    await opened.goto(world.page_url)
    await opened.wait_for_selector("body.is-ready")
    yield opened
    await context.close()
    assert errors == []


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A small real picture, green all over."""
    file = tmp_path / "router.png"
    file.write_bytes(_png(120, 80))
    return file


def _png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = b"".join(b"\x00" + b"\x2f\x8f\x5b" * width for _ in range(height))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
