"""Slips of the policy itself, mended for the index only: what is quoted stays as it was written."""

import re
from functools import cache

from bot.answering.concepts import concepts
from bot.answering.language.spelling import Speller, vocabulary_of
from bot.answering.language.words import is_bangla, words

_WORD = re.compile(r"(?<![\w@./'’-])[a-z]{6,}(?![\w@/'’-]|\.\w)")
"""Lower-case words only: names and addresses are no slips."""


@cache
def concept_texts() -> tuple[list[str], ...]:
    """The English words of each example of the concepts."""
    texts = (text for one in concepts() for text in (*one.says, *one.asks))
    return tuple([word for word in words(text) if not is_bangla(word)] for text in texts)


@cache
def concept_speller() -> Speller:
    """A speller that knows the words of the concepts, before any policy is known."""
    return Speller(vocabulary_of(concept_texts()))


def mended(sentence: str) -> str:
    """The sentence as its author meant it: "erifying your identity" is about verifying."""
    return _WORD.sub(lambda found: concept_speller().repair(found[0]), sentence)
