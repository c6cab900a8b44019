"""What the files of `bot/wording` hold, for tests that compare languages."""

from importlib import resources
from string import Formatter

from bot.domain.addresses import Language


def placeholders(template: str) -> set[str]:
    """The names a template wants filled."""
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def areas(language: Language) -> list[str]:
    """The areas a language has texts for."""
    folder = resources.files("bot.wording") / language
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir())
