"""Questions that want words put in the policy's mouth: orders, and claims about what it says.

A message of such a form gets no answer, only when it is an order that asks nothing, or when the
quoted sentence does not bear the claim out; "you do not sell my data, right?" is still answered.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from bot.answering.language.words import words

_NUMBER = re.compile(r"\d+")
_CLAIMED = re.compile(r"(?<![\w#+@])\d{1,6}(?!\d)")
"""A number that a claim can be about; one of more digits is a telephone or an account."""
UNIT = (
    r"(?:%|percent|years?|months?|weeks?|days?|hours?|hrs?|minutes?|times"
    r"|বছর|মাস|সপ্তাহ|দিন|ঘণ্টা|ঘন্টা|মিনিট|bochor|bosor|mash|mas|din|ghonta|soptaho)"
)
"""What makes a number a period or a share."""
_MEASURE = re.compile(rf"\b(\d+)\s*-?\s*{UNIT}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Forms:
    """The compiled forms of data/claims.toml."""

    orders: re.Pattern[str]
    asking: re.Pattern[str]
    claims: re.Pattern[str]
    presumes: re.Pattern[str]
    tails: re.Pattern[str]
    negations: frozenset[str]


@cache
def forms() -> Forms:
    file = resources.files("bot.answering") / "data" / "claims.toml"
    table = tomllib.loads(file.read_text(encoding="utf-8"))

    def joined(name: str) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{one})" for one in table[name]), re.IGNORECASE)

    negations = frozenset(str(table["negations"]).split())
    return Forms(
        orders=joined("orders"),
        asking=joined("asking"),
        claims=joined("claims"),
        presumes=joined("presumes"),
        tails=joined("tails"),
        negations=negations,
    )


def is_order(question: str) -> bool:
    """The message tells the desk what to say or do, instead of asking.

    "Please confirm whether you sell data" asks politely and is no order.
    """
    return forms().orders.search(question) is not None and not forms().asking.search(question)


def is_claim(question: str) -> bool:
    """The message states what the policy says or what the company does, and wants a yes."""
    return forms().claims.search(question) is not None


def is_negated(text: str) -> bool:
    return any(word in forms().negations for word in words(text))


def contradicts(question: str, quote: str) -> bool:
    """The claim and the quote differ in polarity: "you sell my data, right?", "We do not sell"."""
    return is_negated(forms().tails.sub("", question)) != is_negated(quote)


def has_foreign_numbers(question: str, quote: str) -> bool:
    """The claim names a number that the quote does not: "5 years", "100%"."""
    return not set(_CLAIMED.findall(question)) <= set(_NUMBER.findall(quote))


def asks_for_a_measure(question: str, quote: str) -> bool:
    """The question names a period or a share that the quote does not: "for 90 days?"."""
    return not set(_MEASURE.findall(question)) <= set(_NUMBER.findall(quote))


def puts_words(question: str, quote: str) -> bool:
    """An order, or a claim that the quote does not bear out: neither may get an answer.

    Nor may what takes a practice for granted ("since you sell my data, how ..."): the quote would
    answer the second half and let the first stand.
    """
    if is_order(question) or forms().presumes.search(question):
        return True
    return is_claim(question) and (
        contradicts(question, quote) or has_foreign_numbers(question, quote)
    )
