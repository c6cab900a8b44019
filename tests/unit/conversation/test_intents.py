"""What a short text means besides a question on the policy."""

import pytest

from bot.application.conversation.phrases import (
    DataIntent,
    data_wish,
    is_greeting,
    is_question,
    is_thanks,
    own_data,
)


@pytest.mark.parametrize(
    "text",
    [
        "hi",
        "Hello sir!",
        "good morning",
        "Assalamu alaikum bhai",
        "kemon achen",
        "How are you?",
        "হ্যালো",
        "আসসালামু আলাইকুম",
        "কেমন আছেন?",
        "নমস্কার",
    ],
)
def test_greetings(text: str):
    assert is_greeting(text)


@pytest.mark.parametrize(
    "text", ["hi, my internet is down", "hello?? broken", "good internet", "", "now", "আমার নেট নাই"]
)
def test_what_is_no_greeting(text: str):
    assert not is_greeting(text)


@pytest.mark.parametrize(
    "text", ["thanks", "Thank you very much!", "ok", "onek dhonnobad bhai", "ধন্যবাদ", "ঠিক আছে"]
)
def test_thanks(text: str):
    assert is_thanks(text)


@pytest.mark.parametrize(
    "text",
    ["thanks but it is down again", "okay it's not working", "it is now", "", "ok where is it"],
)
def test_what_is_no_thanks(text: str):
    assert not is_thanks(text)


@pytest.mark.parametrize(
    "text",
    [
        "Is it safe?",
        "how long do you keep data",
        "please can you tell me",
        "tell me about cookies",
        "apnara koto din data rakhen",
        "আমার তথ্য কতদিন রাখেন",
        "Is it? I want to know",
    ],
)
def test_questions(text: str):
    assert is_question(text)


@pytest.mark.parametrize("text", ["My router is broken", "", "please", "নেট নাই"])
def test_what_is_no_question(text: str):
    assert not is_question(text)


@pytest.mark.parametrize(
    "text",
    [
        "delete my data",
        "Please erase all my personal information.",
        "I want my account to be deleted",
        "remove my account",
        "forget me",
        "request for erasure of my data",
        "amar data muche den",
        "amar tottho delete korun",
        "amar account ta delete kore den",
        "আমার তথ্য মুছে দিন",
        "আমার ডেটা ডিলিট করুন",
        "আমার একাউন্ট মুছে ফেলুন",
    ],
)
def test_wishes_to_erase(text: str):
    assert data_wish(text) is DataIntent.ERASE


@pytest.mark.parametrize(
    "text",
    [
        "send me my data",
        "I want a copy of my data",
        "give me a copy of all my personal data",
        "export my data",
        "i need my information",
        "amar data den",
        "amar tottho chai",
        "আমার তথ্যের কপি দিন",
        "আমার সব ডেটা পাঠান",
    ],
)
def test_wishes_to_get(text: str):
    assert data_wish(text) is DataIntent.GET


@pytest.mark.parametrize(
    "text",
    [
        "can I ask you to erase my information?",
        "how do I delete my data",
        "আমার তথ্য কি মুছতে পারি",
        "amar tottho ki muche fela jay",
        "give me my data pack back",
        "delete this ticket",
        "My bill is wrong",
        "amar internet nai",
        "তথ্য মুছুন",
        "আমার নেট নাই",
        "amar data nai",
        "আমার তথ্য",
        "I told your colleague last week that I want you to delete my data and the old router",
    ],
)
def test_what_is_no_wish(text: str):
    assert data_wish(text) is None


def test_a_question_about_erasure_is_still_known_to_be_about_ones_own_data():
    assert own_data("Can I ask you to erase my information?") is DataIntent.ERASE
