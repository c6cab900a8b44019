"""Text put together piece by piece, with its markup at code-point offsets."""

from bot.domain.tickets.message import Span


class Written:
    """A text under construction; `text` and `spans` are what a reply takes."""

    def __init__(self, text: str = "") -> None:
        self.text = text
        self.spans: tuple[Span, ...] = ()

    def add(self, text: str, kind: str = "") -> "Written":
        """Go on in the same line; `kind` names the markup: bold, italic, blockquote."""
        if kind and text:
            self.spans = (*self.spans, Span(kind, len(self.text), len(text)))
        self.text += text
        return self

    def line(self, text: str, kind: str = "") -> "Written":
        """A new line."""
        return self.add("\n" if self.text else "").add(text, kind)

    def paragraph(self, text: str, kind: str = "") -> "Written":
        """A new line after an empty one."""
        return self.add("\n\n" if self.text else "").add(text, kind)
