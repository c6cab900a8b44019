"""One call of the bot, as a method sees it: checked parameters, uploads and the world."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from handlers.sandbox.telegram.markup.formatted_text import Formatted, formatted
from handlers.sandbox.telegram.refusals import CAPTION_TOO_LONG, mistake
from handlers.sandbox.telegram.request_parameters import Upload
from handlers.sandbox.telegram.state.world import World

Json = dict[str, Any]

CAPTION_UNITS: Final = 1024


@dataclass(frozen=True, slots=True)
class Ask:
    """`given` are the parameters in native types, as the Bot API defines them."""

    method: str
    given: Json
    uploads: dict[str, Upload]
    world: World

    def text_of(self, key: str, given: Json | None = None) -> Formatted:
        """A text parameter with its markup; `given` is another holder, such as an InputMedia."""
        holder = self.given if given is None else given
        spans = "entities" if key == "text" else f"{key}_entities"
        return formatted(
            holder.get(key, ""),
            holder.get("parse_mode"),
            holder.get(spans),
            self.world.known_user,
        )

    def caption(self, given: Json | None = None) -> Json:
        """The caption's message fields, empty without one; refuses more than 1024 units."""
        text = self.text_of("caption", given)
        if text.length > CAPTION_UNITS:
            raise mistake(CAPTION_TOO_LONG)
        above = (self.given if given is None else given).get("show_caption_above_media")
        return {
            **({"caption": text.text} if text.text else {}),
            **({"caption_entities": text.entities} if text.entities else {}),
            **({"show_caption_above_media": True} if above else {}),
        }


Method = Callable[[Ask], object | Awaitable[object]]
