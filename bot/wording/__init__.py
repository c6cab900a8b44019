"""All text for people, in English and Bangla, by key: `area.name` stands in <language>/<area>.toml.

The texts are the product's own and are filled by plain `str.format`; nothing a client or an
operator writes is ever used as a template.
"""

import tomllib
from functools import cache
from importlib import resources
from string import Formatter

from bot.addresses import Language


@cache
def texts(language: Language, area: str) -> dict[str, str]:
    """The texts of one area; an area that a language lacks is empty."""
    file = resources.files("bot.wording") / language / f"{area}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def say(key: str, language: Language = Language.EN, **params: object) -> str:
    """The text of `key`, filled in.

    Raises:
        KeyError: no such key, or a placeholder without a value; tests keep this from shipping.
    """
    area, _, name = key.partition(".")
    template = texts(language, area).get(name) or texts(Language.EN, area)[name]
    return template.format_map(params)


def placeholders(template: str) -> set[str]:
    """The names a template wants filled."""
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def areas(language: Language) -> list[str]:
    """The areas a language has texts for."""
    folder = resources.files("bot.wording") / language
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir())
