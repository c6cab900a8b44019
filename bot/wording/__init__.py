"""All text for people, in English and Bangla, by key: `area.name` stands in <language>/<area>.toml.

The texts are the product's own and are filled by plain `str.format`; nothing a client or an
operator writes is ever used as a template.
"""

import tomllib
from functools import cache
from importlib import resources

from bot.domain.addresses import Language

_DIGITS = "0123456789"


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
    counted = {name: _counted(value, language) for name, value in params.items()}
    return template.format_map(counted)


def in_digits(text: str, language: Language) -> str:
    """`12:30` in the digits of the language (`times.digits`): in Bangla `১২:৩০`."""
    return text.translate(_digits(language))


@cache
def _digits(language: Language) -> dict[int, int]:
    return str.maketrans(_DIGITS, texts(language, "times").get("digits", _DIGITS))


def _counted(value: object, language: Language) -> object:
    is_count = isinstance(value, int) and not isinstance(value, bool)
    return in_digits(str(value), language) if is_count else value
