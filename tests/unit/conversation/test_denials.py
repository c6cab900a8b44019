"""Which words say "this was not me", and which only look like it."""

import re
import time
import tomllib
from importlib import resources
from itertools import combinations

import pytest

from bot.application.conversation.routing import denials
from bot.application.conversation.routing.denials import MOST_WORDS, is_not_me

DENIES = """
This was not me
this wasn't me
this wasnt me!
It was not me.
that is not me
Not me!
no, not me
Hello, this was NOT me. Please stop it!
this was definitely not me
This is not from me
not my request
This is not my request
this request is not mine
this was not done by me
It wasn't me who asked for this
I did not ask for this
I didn't ask for this
i didnt ask for that request
I never asked for this
I have not asked for this
I did not request this
I never requested anything
I did not make this request
I never made such a request
I did not do this
i didnt do it
I did not ask to delete my data
I never asked for my data to be erased
I did not ask for a copy of my data
I know nothing about this request
I don't know anything about this
Somebody else did this
someone else asked for this in my name
Who did this? I did not ask for it
What is this? I never requested this
No no no, I did not do this, please freeze it
thsi was not me
this wsa not me
this was nto me
tihs wasnt me
i ddint ask for this
I did not reqest this
i dint ask for this
I did'nt ask for this
it isn’t me
I haven't requested any deletion
it was not I
not done by me
This is not done by me
never asked for this
i dont ask for this
I did not ask you to delete anything
I did not agree to this
I was not the one who asked for this
This is fraud! I did not ask for this
It is a mistake, I didn't request it
Not me bro
eta ami kori nai
eta ami korini
ami eta kori nai
ami eta kori ni
ami eta korinai
ami korini
bhai eta ami kori nai
ami kono request kori nai
ami erokom kono request kori nai
ami emon kono onurodh korini
ami data delete korte boli nai
ami eta chai ni
eta ami na
eta to ami na
eta ami noi
eta amar na
eta amar request na
eta amar kora na
ei request amar na
ei request ami kori nai
eta ami pathai nai
ami kichu kori nai
na, ami na
aita ami kori nai
korini ami
eta onno keu korse
eta ami kori nai, bondho koren
ami eta koirni nai
আমি এটা করিনি
আমি এটা করিনি।
এটা আমি করিনি
এটা আমি করি নাই
আমি এটা করি নি
আমি কোনো অনুরোধ করিনি
আমি এমন কোনো অনুরোধ করিনি
আমি এই অনুরোধ করিনি
আমি এটা চাইনি
আমি তো এটা করিনি
আমি কিছু করিনি
এটা আমার করা না
না, আমি না
এটা আমি না
এটা আমি নই
এটা আমার না
এটা আমার অনুরোধ নয়
এই অনুরোধ আমার নয়
আমি আমার তথ্য মুছতে বলিনি
এটা আমি করিনি, বন্ধ করুন
এটা কে করেছে? আমি করিনি
ভাই, আমি এটা করিনি
এটা অন্য কেউ করেছে
"""
OTHER = """
this was not me who broke the router
It wasn't me who called yesterday
This was me
yes this was me
it is me
not
me
no
please stop it
who did this?
what is this?
I did not ask for a refund
I did not ask for this speed
I did not get the code
I did not receive my data
I did not do it yet
I was not the one who broke it
this is a mistake
this is fraud
is it fraud if somebody else uses my line?
I do not agree
do not delete my data
I did not ask
I didn't do anything to the router
I did not change my password
I did not make this payment
I do not want this
I never had such a problem
this is not my bill
this is not my number
not me but my brother uses the internet
is this not me?
did I ask for this?
my son did this
it was not me, the line was cut by the storm
I did not send the e-mail
somebody cut the cable
someone else asked for a new line for the shop
thanks, I did not know that
This was not me. Also my internet is slow since Monday
ami bill pay kori nai
ami recharge korini
ami ekhono kori nai
ami eta bujhi nai
ami eta pai nai
ami eta chai na
ami net use kori nai
eta amar router na
eta ami korbo
ami eta korechi
amar line nai
net nai
kori nai
আমি বিল দিইনি
আমি এটা বুঝিনি
আমি এটা পাইনি
আমি এখনো করিনি
আমি রিচার্জ করিনি
আমি এটা করেছি
এটা আমার রাউটার না
নেট নাই
আমি না থাকলে কী হবে
এটা কে করেছে?
বন্ধ করুন
"""


TABLE = tomllib.loads(
    (resources.files("bot.application.conversation.routing") / "denials.toml").read_text("utf-8")
)
SECONDS_FOR_ALL = 10
"""Of the processor; with one word read in two ways a single text took longer."""
INNERMOST = re.compile(r"\((?:\?[:=])?([^()]*)\)")


def lines(table: str) -> list[str]:
    return table.strip().splitlines()


def alternations(form: str) -> list[list[str]]:
    """The first word of each alternative of a choice, as it is written, inner ones first."""
    bare = re.sub(r"\{[^}]*\}", lambda found: found[0].replace("|", "&"), form)
    found: list[list[str]] = []
    while INNERMOST.search(bare):
        found += [one.split("|") for one in INNERMOST.findall(bare) if "|" in one]
        bare = INNERMOST.sub("", bare)
    return [[(one.split() or [""])[0].rstrip("?*+") for one in each] for each in found]


def words_of(written: str) -> set[str]:
    if not written.startswith("{"):
        return {written}
    return {word for name in written[1:-1].split("&") for word in TABLE["sets"][name].split()}


@pytest.mark.parametrize("text", lines(DENIES))
def test_plain_words_that_say_it_was_not_them(text: str):
    assert is_not_me(text)


@pytest.mark.parametrize("text", ["", "😡", "1234", "?!", "this was not me " * 40, *lines(OTHER)])
def test_words_that_say_something_else(text: str):
    assert not is_not_me(text)


@pytest.mark.parametrize("form", [*TABLE["denials"], *TABLE["beside"]])
def test_no_word_can_be_read_in_two_ways_at_one_place_of_a_form(form: str):
    read_twice = [
        (one, other)
        for each in alternations(form)
        for one, other in combinations(each, 2)
        if words_of(one) & words_of(other)
    ]

    assert read_twice == []


@pytest.mark.parametrize("first", ["", "did not ask ", "somebody did "])
def test_a_word_said_over_and_over_is_read_at_once(first: str):
    words = sorted({word for name in TABLE["sets"] for word in words_of(f"{{{name}}}")})
    room = MOST_WORDS - 1 - len(first.split())
    before = time.process_time()

    assert not any(is_not_me(f"{first}{f'{word} ' * room}x") for word in words)

    assert time.process_time() - before < SECONDS_FOR_ALL


def test_a_text_of_more_words_is_not_matched_at_all(monkeypatch: pytest.MonkeyPatch):
    tried: list[object] = []
    monkeypatch.setattr("bot.application.conversation.routing.denials._kind", tried.append)

    assert not is_not_me("ai " * (MOST_WORDS + 1))

    assert tried == []


def test_the_words_of_strangers_are_remembered_within_bounds():
    remembering = vars(denials)["_mended"]

    assert remembering.cache_parameters()["maxsize"] is not None
