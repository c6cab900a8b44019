"""A ticket on the page, from /start to stars, and what each part of the page has to do."""

import pytest
from playwright.async_api import expect

from tests.journeys.page.conftest import NARROW
from tests.support.drivers.hands import Hands

pytestmark = [pytest.mark.usefixtures("desk"), pytest.mark.asyncio(loop_scope="session")]


async def opened_ticket(hands: Hands) -> None:
    await hands.press(hands.phone, "Start")
    await hands.sees(hands.phone, "Welcome to Privacy Desk")
    await hands.say("No internet since morning, router light is red")
    await hands.sees(hands.staff, "router light is red")


async def test_a_ticket_goes_from_start_to_stars(page):
    hands = Hands(page)

    await opened_ticket(hands)
    await hands.press(hands.staff, "Claim")
    await hands.sees(hands.staff, "@Mina Rahman")
    await hands.press(hands.staff, "Reply")
    await hands.modal.get_by_role("textbox", name="Your answer").fill("It works again by 14:00.")
    await hands.press(hands.modal, "Send")
    await hands.sees(hands.phone, "It works again by 14:00.")
    await hands.press(hands.staff, "Resolve")
    await hands.sees(hands.phone, "How did we do?")
    await hands.press(hands.phone, "★★★★★")

    await hands.sees(hands.phone, "Noted, thank you.")


async def test_what_a_person_writes_never_becomes_markup(page):
    hands = Hands(page)
    hostile = "<img src=x onerror=alert(1)> <script>alert(2)</script> **x** javascript:alert(3)"

    await hands.press(hands.phone, "Start")
    await hands.say(hostile)
    await hands.sees(hands.phone, hostile)

    assert await page.locator(".chat-list img, .chat-list script, [href^=javascript]").count() == 0


async def test_a_form_shows_its_errors_where_they_are_and_keeps_what_was_typed(page):
    hands = Hands(page)
    await opened_ticket(hands)
    await hands.press(hands.staff, "Reply")
    answer = hands.modal.get_by_role("textbox", name="Your answer")

    await hands.press(hands.modal, "Send")
    await hands.sees(hands.modal, "Please complete this required field.")
    await answer.fill("soon")
    await hands.modal.get_by_role("checkbox", name="fibre").check()
    await hands.press(hands.modal, "Send")
    await hands.sees(hands.modal, "Please write a whole sentence.")

    await expect(answer).to_have_value("soon")
    await expect(answer).to_be_focused()
    await expect(hands.modal.get_by_role("checkbox", name="fibre")).to_be_checked()


async def test_a_menu_of_the_desk_is_searched_and_chosen_with_the_keyboard(page):
    hands = Hands(page)
    await opened_ticket(hands)
    await hands.press(hands.staff, "Reply")
    search = hands.modal.get_by_role("combobox", name="Similar ticket")

    await search.press_sequentially("net")
    await hands.sees(hands.modal, "T-000002 net")
    await search.press("ArrowDown")
    await search.press("Enter")

    await expect(hands.modal.locator(".chip")).to_have_text("T-000002 net ×")


async def test_escape_closes_a_modal_and_focus_goes_back_to_what_opened_it(page):
    hands = Hands(page)
    await opened_ticket(hands)
    opener = hands.staff.get_by_role("button", name="Reply", exact=True)

    await opener.press("Enter")
    await hands.modal.wait_for()
    await page.keyboard.press("Escape")
    await hands.modal.wait_for(state="detached")

    await expect(opener).to_be_focused()


async def test_a_thread_takes_notes_and_its_writer_may_edit_and_delete_them(page):
    hands = Hands(page)
    await opened_ticket(hands)
    await hands.staff.get_by_role("button", name="1 reply").click()
    await hands.write(hands.staff, "Write in the thread", "Called the fibre team")
    await hands.sees(hands.staff, "Called the fibre team")

    await hands.staff.get_by_role("textbox", name="Write in the thread").press("ArrowUp")
    await hands.write(hands.staff, "Write in the thread", "Called the copper team")
    await hands.sees(hands.staff, "Called the copper team")
    note = hands.staff.get_by_role("article").filter(has_text="Called the copper team")
    await note.hover()
    await note.get_by_role("button", name="Delete").click()
    await hands.press(page.locator("dialog.question"), "Delete")

    await expect(note).to_have_count(0)


async def test_only_the_person_meant_sees_a_private_message(page):
    hands = Hands(page)
    await opened_ticket(hands)

    await hands.write(hands.staff, "Message #support", "/desk list")
    await hands.sees(hands.staff, "Only visible to you")
    await hands.staff.get_by_role("radio", name="Jamil").click()

    await expect(hands.staff.get_by_text("Only visible to you")).to_have_count(0)


async def test_a_guest_does_not_see_the_private_channel(page):
    hands = Hands(page)

    await hands.staff.get_by_role("radio", name="Gopal").click()

    await expect(hands.staff.get_by_role("button", name="privacy-requests")).to_have_count(0)
    await expect(hands.staff.get_by_role("button", name="support")).to_be_visible()


async def test_the_home_of_the_app_is_drawn_for_who_opens_it(page):
    hands = Hands(page)

    await hands.press(hands.staff, "Privacy Desk")

    await hands.sees(hands.staff, "My queue")


async def test_a_permalink_opens_the_thread_here_and_not_at_the_real_slack(page):
    hands = Hands(page)
    await opened_ticket(hands)
    await hands.press(hands.staff, "Privacy Desk")

    await hands.press(hands.staff, "T-000001")

    await expect(hands.staff.get_by_role("textbox", name="Write in the thread")).to_be_visible()
    assert page.url.startswith("http://127.0.0.1:")


async def test_a_phone_number_is_shared_only_after_a_question(page, world):
    hands = Hands(page)
    await hands.press(hands.phone, "Start")
    await hands.press(hands.phone, "My data")

    await hands.press(hands.phone, "Share my phone number")
    await hands.sees(page.locator("dialog.question"), "+8801711000101")
    await hands.press(page.locator("dialog.question"), "Share")

    await hands.sees(hands.phone, "that is the number on record")
    await hands.sees(hands.mail, "Your code: 482 913")
    assert world.mailbox.mails[0].recipients == ("nusrat@clients.example",)


async def test_pictures_are_sent_and_shown(page, picture, world):
    hands = Hands(page)
    await hands.press(hands.phone, "Start")

    async with page.expect_file_chooser() as chooser:
        await hands.press(hands.phone, "Attach")
        await page.get_by_role("menuitem", name="Photo").click()
    await (await chooser.value).set_files(picture)
    shown = hands.phone.get_by_role("img", name="Photo")
    await shown.wait_for()

    assert await shown.evaluate("one => one.decode().then(() => one.naturalWidth)") == 120
    sent = [one for one in world.telegram.user(4_100_000_101).messages if one.file_kind]
    assert sent[0].file_kind == "photo"


async def test_a_client_may_block_the_bot_and_come_back(page):
    hands = Hands(page)
    await hands.press(hands.phone, "Start")

    await hands.press(hands.phone, "Chat menu")
    await page.get_by_role("menuitem", name="Block the bot").click()
    await hands.phone.get_by_role("button", name="You blocked this bot. Unblock").click()

    await expect(hands.phone.get_by_role("textbox", name="Message")).to_be_visible()


async def test_own_messages_are_answered_edited_and_deleted(page):
    hands = Hands(page)
    await hands.press(hands.phone, "Start")
    await hands.sees(hands.phone, "Welcome to Privacy Desk")
    await hands.say("How long do you keep records?")
    await hands.sees(hands.phone, "The policy says")

    await hands.phone.get_by_role("textbox", name="Message").press("ArrowUp")
    await hands.say("How long do you keep my records?")
    await hands.sees(hands.phone, "How long do you keep my records?")
    own = hands.phone.get_by_role("article").filter(has_text="How long do you keep my")
    await expect(own).to_contain_text("edited")
    await own.hover()
    await own.get_by_role("button", name="Message menu").click()
    await page.get_by_role("menuitem", name="Delete").click()

    await expect(own).to_have_count(0)


async def test_a_narrow_screen_shows_one_part_at_a_time(page):
    hands = Hands(page)
    await page.set_viewport_size(NARROW)
    await expect(hands.phone).to_be_visible()
    await expect(hands.staff).to_be_hidden()

    await page.locator("#tabs").get_by_role("button", name="Staff").click()

    await expect(hands.staff).to_be_visible()
    await expect(hands.phone).to_be_hidden()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
