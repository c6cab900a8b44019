"""What a person's hands do on the page."""

from playwright.async_api import Locator, Page


class Hands:
    """Both sides of the desk, on one page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.phone = page.locator("#client")
        self.staff = page.locator("#staff")
        self.mail = page.locator("#mail")

    @property
    def modal(self) -> Locator:
        return self.page.locator("dialog.modal")

    async def write(self, pane: Locator, field: str, text: str) -> None:
        """Types into a field and presses Enter."""
        box = pane.get_by_role("textbox", name=field)
        await box.fill(text)
        await box.press("Enter")

    async def say(self, text: str) -> None:
        """The client writes."""
        await self.write(self.phone, "Message", text)

    async def press(self, pane: Locator, label: str) -> None:
        await pane.get_by_role("button", name=label, exact=True).last.click()

    async def sees(self, pane: Locator, text: str) -> None:
        await pane.get_by_text(text).last.wait_for()
