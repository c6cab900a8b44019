"""Questions that want words put in the policy's mouth: orders, and claims about what it says.

Nothing is refused because of its form alone: the form only asks for more certainty (an order), or
that the quoted sentence does not say the opposite of the claim.
"""

import re

from bot.policy.language import words

_ORDER = re.compile(
    r"^\W*(?:please |pls |now |just |system\s*:|</?\w+>\s*)*"
    r"(?:say|repeat|echo|confirm|state|write|print|output|pretend|imagine|ignore|forget|disregard|"
    r"override|act as|admit|promise|declare|announce|assure|translate|reveal|summari[sz]e|complete|"
    r"tell (?:me|us|them|every\w*|the user) that|answer (?:only|with|yes|that)|agree that|"
    r"you are now|you must|from now on|new (?:rule|instruction)|system message|as an? ai)\b"
    r"|\b(?:ignore|forget|disregard|override)\b.{0,40}\b(?:instruction|rule|polic|above|previous|everything)"
    r"|(?:^|[.!?:;]\s*)(?:say|confirm|repeat|admit|agree|state)\b(?: it| this| that|\W*$)"
    r"|\bconfirm (?:it|this|that)\b"
    r"|(?:বলো|বল|বলুন|লিখো|লেখো|লিখে দা|স্বীকার কর|ঘোষণা কর|নিশ্চিত কর)\w*\s+(?:যে|:)"
    r"|(?:ভুলে|উপেক্ষা)\s.{0,30}(?:বলো|বলুন|দাও|লিখো)|আমার (?:পরে|সাথে|কথা)\s.{0,12}বল"
    r"|\b(?:bolo|bol|bolun|likho|lekho|likhe dao|shikar koro|sikar koro|ghoshona koro)\b\s*(?:je\b|:)"
    r"|\b(?:vule|bhule|upekkha)\b.{0,30}\b(?:bolo|bolun|dao|likho)\b|\bamar (?:pore|sathe)\b.{0,12}\bbolo\b",
    re.IGNORECASE,
)
_CLAIM = re.compile(
    r"\b(?:(?:the|your|its?) (?:own )?(?:privacy )?(?:policy|terms|document|contract)|you|section \w+|it is)\s+"
    r"(?:clearly |already |also |even )*"
    r"(?:says?|said|states?|stated|promised?s?|guarantees?|told|admit(?:s|ted)?|allows?|claims?|wrote|writes|written)\b"
    r"|\b(?:as|like) (?:you|the policy|your policy|it|stated|promised|written)\b.{0,20}"
    r"\b(?:said|says|states?|promised?|written|policy)\b"
    r"|\bas (?:stated|promised|written)\b|\baccording to (?:your|the) policy\b"
    r"|^\W*(?:since|because|given that|now that|i know(?: that)?|i (?:read|heard) that|isn'?t it true|is it true)\b"
    r"|(?:,\s*|\s)(?:right|correct|true|yes|isn'?t it|don'?t you|doesn'?t it|aren'?t you|no)\s*[?.!]*$"
    r"|(?:নীতি|পলিসি|শর্ত)\S*\s+(?:তো\s+)?(?:বলা|লেখা|লিখ)|(?:নীতি|পলিসি)\s+অনুযায়ী"
    r"|(?:তাই না|ঠিক না|ঠিক তো|তাই তো|তাই নয় কি|ঠিক|সত্যি)\s*[?।!]*$|আপনারা(?:ই)? (?:তো )?বলেছ"
    r"|\b(?:policy|niti|shorto?|terms?)\w*(?: te| e)? (?:to )?(?:bola|lekha|likha)\b|\b(?:policy|niti) onujayi\b"
    r"|\b(?:tai na|thik na|thik to|tai to|thik|sotti)\s*[?!]*$|\bapnara to\b|\bapnara (?:i )?bolechen\b",
    re.IGNORECASE,
)
_NEGATIONS = frozenset(
    "not no never none cannot nor neither without dont doesnt wont cant না নয় নেই নি na nai nei noy".split()
)


_ASKS = re.compile(
    r"\b(?:whether|if you|if my|if our|how (?:long|do|does|can|is|are|many)|what (?:info|data|kind|is|are)|"
    r"which|who|when|where)\b|কি না|কতদিন|কীভাবে|\b(?:kina|kotodin|kivabe)\b",
    re.IGNORECASE,
)


def is_order(question: str) -> bool:
    """The message tells the desk what to say or do, instead of asking.

    "Please confirm whether you sell data" asks politely and is no order.
    """
    return _ORDER.search(question) is not None and _ASKS.search(question) is None


def is_claim(question: str) -> bool:
    """The message states what the policy says or what the company does, and wants a yes."""
    return _CLAIM.search(question) is not None


def is_negated(text: str) -> bool:
    return any(word in _NEGATIONS for word in words(text))


def contradicts(question: str, quote: str) -> bool:
    """The claim and the quote differ in polarity: "you sell my data, right?", "We do not sell"."""
    return is_negated(question) != is_negated(quote)


def has_foreign_numbers(question: str, quote: str) -> bool:
    """The claim names a number that the quote does not: "ten years", "100%"."""
    return any(char.isdigit() for char in question) and not (
        set(re.findall(r"\d+", question)) <= set(re.findall(r"\d+", quote))
    )


def puts_words(question: str, quote: str) -> bool:
    """An order, or a claim that the quote does not bear out: neither may get an answer."""
    if is_order(question):
        return True
    return is_claim(question) and (
        contradicts(question, quote) or has_foreign_numbers(question, quote)
    )
