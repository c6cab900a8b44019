"""All text for people, in English and Bangla, by key: `area.name` stands in <language>/<area>.toml.

The texts are the product's own and are filled by plain `str.format`; nothing a client or an
operator writes is ever used as a template.
"""

import tomllib
from functools import cache
from importlib import resources
from string import Formatter

from bot.domain.addresses import Language

_BANGLA_DIGITS = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")


@cache
def texts(language: Language, area: str) -> dict[str, str]:
    """The texts of one area; an area that a language lacks is empty."""
    file = resources.files("bot.wording") / language / f"{area}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def say(key: str, language: Language = Language.EN, **params: object) -> str:
    """The text of `key`, filled in; whole numbers in the digits of the language.

    Numbers of tickets and requests, codes and what must be typed are text, and stay as they are.

    Raises:
        KeyError: no such key, or a placeholder without a value; tests keep this from shipping.
    """
    area, _, name = key.partition(".")
    template = texts(language, area).get(name) or texts(Language.EN, area)[name]
    if language is Language.BN:
        params = {name: _counted(value) for name, value in params.items()}
    return template.format_map(params)


def bangla_digits(text: str) -> str:
    """`12:30` as `১২:৩০`."""
    return text.translate(_BANGLA_DIGITS)


def _counted(value: object) -> object:
    is_count = isinstance(value, int) and not isinstance(value, bool)
    return bangla_digits(str(value)) if is_count else value


def placeholders(template: str) -> set[str]:
    """The names a template wants filled."""
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def areas(language: Language) -> list[str]:
    """The areas a language has texts for."""
    folder = resources.files("bot.wording") / language
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir())
