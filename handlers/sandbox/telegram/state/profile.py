"""What the bot says of itself: commands, name and descriptions, by scope and language."""

import json
from dataclasses import dataclass, field
from typing import Any, Final

Json = dict[str, Any]

_DEFAULT_SCOPE: Final = {"type": "default"}


def scope_key(scope: Json | None) -> str:
    return json.dumps(scope or _DEFAULT_SCOPE, sort_keys=True)


@dataclass(slots=True)
class Profile:
    """`texts` holds name, description and short_description by (field, language)."""

    commands: dict[tuple[str, str], list[Json]] = field(
        default_factory=dict[tuple[str, str], list[Json]]
    )
    texts: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    menu_button: Json = field(default_factory=lambda: {"type": "default"})

    def commands_for(self, language: str) -> list[Json]:
        """What a private chat's menu lists: the narrowest scope first, its language before none."""
        for scope in ({"type": "all_private_chats"}, _DEFAULT_SCOPE):
            for code in (language, ""):
                found = self.commands.get((scope_key(scope), code))
                if found:
                    return found
        return []

    def text(self, name: str, language: str) -> str:
        return self.texts.get((name, language)) or self.texts.get((name, ""), "")
