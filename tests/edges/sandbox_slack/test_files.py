"""Files go up in three steps and come down only to the bearer of the token."""

import pytest
from slack_sdk.errors import SlackApiError, SlackRequestError

SUPPORT = "C0SUPPORT"


async def test_a_file_is_uploaded_into_a_thread(slack, client, http):
    slack.state.events.subscriptions.clear()
    card = await client.chat_postMessage(channel=SUPPORT, text="card")

    done = await client.files_upload_v2(
        filename="log.txt",
        content="line",
        channel=SUPPORT,
        thread_ts=card["ts"],
        initial_comment="the log",
    )

    shared = await slack.people["U0BOB"].expect("the log", "#support", thread_ts=card["ts"])
    described = await client.files_info(file=done["file"]["id"])
    headers = {"Authorization": "Bearer xoxb-sandbox"}
    async with http.get(described["file"]["url_private"], headers=headers) as answer:
        assert await answer.read() == b"line"
    assert shared.subtype == "file_share"
    assert described["file"]["shares"]["public"][SUPPORT][0]["thread_ts"] == card["ts"]


async def test_a_download_without_the_token_is_a_login_page_and_a_violation(slack, client, http):
    slack.state.events.subscriptions.clear()
    message = await slack.people["U0BOB"].say("#support", "see", files=[("a.txt", b"secret")])
    file = (await client.files_info(file=message.files[0]))["file"]

    async with http.get(file["url_private_download"]) as answer:
        page = await answer.text()

    assert answer.status == 200
    assert "Sign in" in page
    assert [violation.rule for violation in slack.violations] == ["download_without_token"]
    slack.violations.clear()


async def test_an_upload_of_another_length_is_a_violation(slack, client, http):
    place = await client.files_getUploadURLExternal(filename="a.txt", length=10)

    async with http.post(place["upload_url"], data=b"short") as answer:
        assert answer.status == 400
    complete = client.files_completeUploadExternal(files=[{"id": place["file_id"]}])
    with pytest.raises(SlackApiError):
        await complete

    assert [violation.rule for violation in slack.violations] == ["upload_length"]
    slack.violations.clear()


async def test_a_faulty_upload_server_is_told_to_the_app(slack, client):
    slack.faults.add(method="upload", kind="500")

    with pytest.raises(SlackRequestError):
        await client.files_upload_v2(filename="a.txt", content="x", channel=SUPPORT)


async def test_a_deleted_file_is_gone(client, http):
    done = await client.files_upload_v2(filename="a.txt", content="x")
    file = done["file"]
    await client.files_delete(file=file["id"])

    with pytest.raises(SlackApiError) as refused:
        await client.files_info(file=file["id"])
    headers = {"Authorization": "Bearer xoxb-sandbox"}
    async with http.get(file["url_private"], headers=headers) as answer:
        assert answer.status == 404
    assert refused.value.response["error"] == "file_deleted"


async def test_a_file_cannot_be_shared_into_a_thread_that_never_was(slack, client):
    with pytest.raises(SlackApiError) as refused:
        await client.files_upload_v2(
            filename="a.txt", content="x", channel=SUPPORT, thread_ts="1.000000"
        )

    assert refused.value.response["error"] == "thread_not_found"
    assert [violation.rule for violation in slack.violations] == ["unknown_thread"]
    slack.violations.clear()
