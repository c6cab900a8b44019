"""The company's database and the clock on the page: rows go and stay before one's eyes."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from playwright.async_api import expect

from tests.journeys.page.conftest import NARROW
from tests.journeys.page.test_page_reading import FAINT, NAMELESS
from tests.support.drivers.hands import Hands

pytestmark = [pytest.mark.usefixtures("desk"), pytest.mark.asyncio(loop_scope="session")]

MIDDLE = {"width": 1000, "height": 800}
OLD = "issued_on < date('now', '-5 years')"


@pytest.fixture
def company(world, tmp_path):
    """The file of the database, made as at the start of a desk; whoever writes to it is seen."""
    with world.settled_in(tmp_path):
        yield tmp_path / "company.db"


def writes(company, *statements):
    with closing(sqlite3.connect(company)) as other, other:
        for statement in statements:
            other.execute(statement)


def tab(page, name):
    return page.locator("#company").get_by_role("tab", name=name)


@pytest.mark.usefixtures("company")
async def test_a_client_sees_their_rows_and_everybodys_on_demand(page):
    pane = page.locator("#company")
    await tab(page, "Invoices").click()
    await expect(tab(page, "Invoices")).to_contain_text("29 of 29 left")
    await expect(pane.locator("tbody tr")).to_have_count(29)

    await pane.get_by_role("checkbox", name="Only Nusrat Jahan").uncheck()

    await expect(pane.locator("tbody tr")).not_to_have_count(29)
    await expect(pane.get_by_role("cell", name="রফিকুল ইসলাম").first).to_be_visible()


@pytest.mark.usefixtures("company")
async def test_another_clients_rows_are_shown_when_another_client_is_played(page):
    pane = page.locator("#company")
    await expect(pane.get_by_role("cell", name="C-1001")).to_be_visible()

    await page.locator("#client").get_by_role("radio", name="রফিকুল ইসলাম").click()

    await expect(pane.get_by_role("cell", name="C-1002")).to_be_visible()
    await expect(pane.get_by_role("cell", name="C-1001")).to_have_count(0)


async def test_rows_that_go_are_struck_out_and_those_that_stay_say_why(page, company):
    pane = page.locator("#company")
    await tab(page, "Invoices").click()
    await expect(pane.locator("tbody tr")).to_have_count(29)

    writes(
        company,
        "DELETE FROM payments WHERE invoice_id IN (SELECT id FROM invoices WHERE customer_id = 1)",
        f"DELETE FROM invoices WHERE customer_id = 1 AND {OLD}",
        "UPDATE invoices SET billed_to = NULL WHERE customer_id = 1",
    )

    await expect(tab(page, "Invoices")).to_contain_text("20 of 29 left")
    await expect(tab(page, "Payments")).to_contain_text("0 of")
    gone, kept = pane.locator("tr.is-gone"), pane.locator("tr.is-kept")
    await expect(gone).to_have_count(9)
    await expect(gone.first).to_contain_text("Erased")
    await expect(gone.first).to_contain_text("Nusrat Jahan")
    await expect(kept).to_have_count(20)
    await expect(kept.first).to_contain_text("Kept: VAT Act until")
    await expect(kept.first).not_to_contain_text("Nusrat Jahan")


async def test_what_the_company_wrote_never_becomes_markup(page, company):
    hostile = "<img src=x onerror=alert(1)>"

    writes(company, f"UPDATE support_notes SET note = '{hostile}' WHERE customer_id = 1")
    await tab(page, "Notes").click()

    await expect(page.locator("#company").get_by_text(hostile)).to_be_visible()
    assert await page.locator("#company img").count() == 0


@pytest.mark.parametrize(
    ("label", "ahead"), [("+1 hour", "1 hour ahead"), ("+3 days", "3 days ahead")]
)
async def test_time_passes_for_everybody_when_the_clock_is_moved(page, world, label, ahead):
    clock = page.get_by_role("group", name="The sandbox's clock")
    before = world.clock.now()

    await clock.get_by_role("button", name=label).click()

    await expect(clock.get_by_text(ahead)).to_be_visible()
    assert world.clock.now() - before >= timedelta(hours=1)
    hands = Hands(page)
    await hands.press(hands.phone, "Start")
    await hands.sees(hands.phone, "Welcome to Privacy Desk")
    assert (
        abs(world.telegram.user(4_100_000_101).messages[-1].json["date"] - world.clock.seconds())
        < 60
    )


async def test_the_way_to_the_due_date_is_open_when_something_is_due(page, world):
    clock = page.get_by_role("group", name="The sandbox's clock")
    button = clock.get_by_role("button", name="To the due date")
    await expect(button).to_be_disabled()
    due = world.clock.now() + timedelta(days=30)

    async def find():
        return due

    world.clock.find_due = find
    world.clock.advance(timedelta(hours=1))
    await button.click()

    await expect(clock.get_by_text("29 days 23 hours ahead")).to_be_visible()


@pytest.mark.usefixtures("company")
async def test_where_both_do_not_fit_mailbox_and_company_share_their_place(page):
    hands = Hands(page)
    await page.set_viewport_size(MIDDLE)
    await expect(hands.mail).to_be_visible()
    await expect(page.locator("#company")).to_be_hidden()

    await hands.mail.get_by_role("button", name="Company").click()
    await expect(page.locator("#company")).to_be_visible()
    await page.locator("#company").get_by_role("button", name="Mailbox").click()

    await expect(hands.mail).to_be_visible()


@pytest.mark.parametrize("size", [NARROW, MIDDLE])
@pytest.mark.usefixtures("company")
async def test_nothing_is_wider_than_the_screen(page, size):
    await page.set_viewport_size(size)
    if size is NARROW:
        await page.locator("#tabs").get_by_role("button", name="Company").click()
        await expect(page.locator("#company")).to_be_visible()

    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_tables_can_be_read_in_light_and_dark(page, company, scheme):
    await page.emulate_media(color_scheme=scheme)
    await tab(page, "Invoices").click()
    await expect(page.locator("#company tbody tr")).to_have_count(29)
    writes(
        company,
        f"DELETE FROM payments WHERE invoice_id IN (SELECT id FROM invoices WHERE {OLD})",
        f"DELETE FROM invoices WHERE customer_id = 1 AND {OLD}",
        "UPDATE invoices SET billed_to = NULL WHERE customer_id = 1",
    )
    await expect(page.locator("#company tr.is-gone")).to_have_count(9)

    assert await page.evaluate(FAINT) == {}
    assert await page.evaluate(NAMELESS) == []
