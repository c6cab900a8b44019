"""Names for whoever does not see the page, and contrast for whoever sees it badly."""

from pathlib import Path

import pytest

from tests.support.drivers.hands import Hands

pytestmark = [pytest.mark.usefixtures("desk"), pytest.mark.asyncio(loop_scope="session")]

HERE = Path(__file__).parent
NAMELESS = (HERE / "nameless.js").read_text("utf-8")
FAINT = (HERE / "faint.js").read_text("utf-8")


async def filled(page) -> Hands:
    hands = Hands(page)
    await hands.press(hands.phone, "Start")
    await hands.sees(hands.phone, "Welcome to Privacy Desk")
    await hands.say("How long do you keep my records?")
    await hands.sees(hands.phone, "Section 6")
    await hands.press(hands.phone, "My data")
    await hands.sees(hands.mail, "Your code")
    await hands.say("No internet since morning")
    await hands.staff.get_by_role("button", name="1 reply").click()
    await hands.write(hands.staff, "Message #support", "/desk list")
    await hands.sees(hands.staff, "Only visible to you")
    return hands


async def test_everything_that_can_be_used_has_a_name(page):
    hands = await filled(page)

    assert await page.evaluate(NAMELESS) == []
    await hands.staff.get_by_role("button", name="Reply", exact=True).first.click()
    await hands.modal.wait_for()
    assert await page.evaluate(NAMELESS) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_text_stands_out_from_what_is_behind_it(page, scheme):
    await page.emulate_media(color_scheme=scheme)
    hands = await filled(page)

    assert await page.evaluate(FAINT) == {}
    await hands.staff.get_by_role("button", name="Reply", exact=True).first.click()
    await hands.modal.wait_for()
    assert await page.evaluate(FAINT) == {}


async def test_the_colours_can_be_chosen_and_are_remembered(page):
    button = page.locator("#bar").get_by_role("button", name="Colours")

    await button.click()
    await button.click()
    await page.reload()

    assert await page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert await button.get_attribute("aria-label") == "Colours: dark"


async def test_the_whole_page_is_reached_with_the_tab_key(page):
    hands = await filled(page)
    reached = set()

    for _ in range(60):
        await page.keyboard.press("Tab")
        reached.add(await page.evaluate("document.activeElement.closest('section')?.id ?? ''"))

    assert {"client", "staff", "mail", "company"} <= reached
    assert await hands.phone.get_by_role("log").get_attribute("tabindex") == "0"
