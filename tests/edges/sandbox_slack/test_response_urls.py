"""A response URL takes five posts within half an hour."""

import pytest


@pytest.fixture
def url(timed):
    return timed.state.response_urls.new("actions", "U0BOB", "C0SUPPORT")


async def test_it_shows_an_answer_to_one_person_or_to_all(timed, http, url):
    await http.post(url, json={"text": "only you"})
    await http.post(url, json={"text": "everyone", "response_type": "in_channel"})

    assert [m.text for m in timed.people["U0BOB"].ephemerals] == ["only you"]
    assert [m.text for m in timed.channel("#support").messages.values()] == ["everyone"]


async def test_the_sixth_post_is_refused(timed, http, url):
    statuses = [(await http.post(url, json={"text": "x"})).status for _ in range(6)]

    assert statuses == [200] * 5 + [404]
    assert [v.detail for v in timed.violations] == ["used_url"]
    timed.violations.clear()


async def test_after_half_an_hour_it_is_dead(timed, http, url):
    await timed.state.clock.advance(1801)

    assert (await http.post(url, json={"text": "x"})).status == 404
    timed.violations.clear()


async def test_it_replaces_and_deletes_where_it_came_from(timed, http, timed_client):
    posted = await timed_client.chat_postMessage(channel="C0SUPPORT", text="card")
    message = timed.channel("#support").messages[posted["ts"]]
    url = timed.state.response_urls.new("actions", "U0BOB", "C0SUPPORT", message)

    await http.post(url, json={"text": "other", "replace_original": True})
    replaced = message.text
    await http.post(url, json={"delete_original": True})

    assert replaced == "other"
    assert timed.channel("#support").messages == {}


async def test_a_body_slack_would_not_take_is_refused(timed, http, url):
    assert (await http.post(url, json={"colour": "red"})).status == 400
    assert (await http.post(url, json={"text": "x", "blocks": [{"type": "knob"}]})).status == 400
    timed.violations.clear()
