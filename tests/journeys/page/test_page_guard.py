"""Who may open the page, and what a browser may do with it."""

import re
from email.message import EmailMessage
from pathlib import Path

import aiohttp
import aiosmtplib
import pytest
from yarl import URL

import handlers.sandbox.page.server as served
from handlers.sandbox.page.server import picture_type

STATIC = Path(served.__file__).parent / "static"
SOURCES = sorted(one for one in STATIC.rglob("*") if one.is_file())


@pytest.fixture
async def town():
    from handlers.sandbox.environment import sandbox_environment  # noqa: PLC0415 - only these tests' own

    async with sandbox_environment() as world:
        yield world


@pytest.fixture
async def visitor():
    """A browser's cookies, also for the numeric host."""
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        yield session


async def status(visitor, url, method="GET", **headers):
    async with visitor.request(method, url, headers=headers) as answer:
        return answer.status


def at(world, path):
    return URL(world.page_url).with_query(None).with_path(path)


async def test_without_its_key_the_page_does_not_open(town, visitor):
    assert await status(visitor, at(town, "/")) == 403
    assert await status(visitor, at(town, "/").with_query(token="guessed")) == 403
    assert await status(visitor, at(town, "/static/js/main.js")) == 403
    assert await status(visitor, at(town, "/live")) == 403


async def test_the_key_buys_a_cookie_that_opens_the_rest(town, visitor):
    async with visitor.get(town.page_url) as answer:
        cookie = answer.headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert await status(visitor, at(town, "/")) == 200
    assert await status(visitor, at(town, "/static/js/main.js")) == 200


async def test_a_name_that_was_pointed_at_this_machine_is_refused(town, visitor):
    assert await status(visitor, town.page_url, Host="evil.example") == 403
    assert await status(visitor, town.page_url, Host="127.0.0.1") == 403


async def test_another_page_of_the_same_browser_is_refused(town, visitor):
    await status(visitor, town.page_url)

    assert await status(visitor, at(town, "/"), Origin="http://evil.example") == 403
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await visitor.ws_connect(at(town, "/live"), headers={"Origin": "http://127.0.0.1:1"})
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await visitor.ws_connect(at(town, "/live"))


async def test_a_file_is_taken_from_the_page_itself_only(town, visitor):
    await status(visitor, town.page_url)
    place = at(town, "/files/slack").with_query(viewer="U0MINA", channel="C0SUPPORT", name="a.txt")
    own = str(at(town, "/").origin())

    assert await status(visitor, place, "POST") == 403
    assert await status(visitor, place, "POST", Origin=own) == 204


async def test_a_packed_body_is_refused_before_it_is_read(town, visitor):
    await status(visitor, town.page_url)
    place = at(town, "/files/slack").with_query(viewer="U0MINA", channel="C0SUPPORT", name="a.txt")
    own = {"Origin": str(at(town, "/").origin()), "Content-Encoding": "gzip"}

    assert await status(visitor, place, "POST", **own) == 415


async def test_the_page_loads_and_runs_nothing_but_its_own_files(town, visitor):
    async with visitor.get(town.page_url) as answer:
        rules = answer.headers["Content-Security-Policy"]

    assert "default-src 'none'" in rules
    assert "script-src 'self';" in rules
    assert "unsafe" not in rules


async def test_a_file_that_calls_itself_a_picture_is_not_shown_as_one(town, visitor):
    await status(visitor, town.page_url)
    page = b"<html><script>alert(1)</script></html>"
    sent = await town.telegram.user(4_100_000_101).send_document(page, "cat.png")

    async with visitor.get(at(town, f"/files/telegram/{sent.file_id}")) as answer:
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.content_type == "application/octet-stream"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert picture_type(page) == ""


async def test_what_is_attached_to_a_mail_is_handed_out_and_only_saved(town, visitor):
    await status(visitor, town.page_url)
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "a@y.example", "b@y.example", "Done"
    letter.set_content("It is done.")
    page = b"<script>alert(1)</script>"
    letter.add_attachment(page, maintype="text", subtype="html", filename="certificate.html")
    await aiosmtplib.send(letter, hostname="127.0.0.1", port=URL(town.mailbox.url).port)

    async with visitor.get(at(town, "/files/mail/1/0")) as answer:
        assert await answer.read() == page
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "certificate.html" in answer.headers["Content-Disposition"]
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert await status(visitor, at(town, "/files/mail/1/1")) == 404
    assert await status(visitor, at(town, "/files/mail/2/0")) == 404


@pytest.mark.parametrize("file", SOURCES, ids=lambda one: str(one.relative_to(STATIC)))
def test_nothing_is_loaded_from_elsewhere_and_no_text_becomes_markup(file):
    text = file.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")

    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", text)
    assert not re.search(r"(?:src|href|url\(|import|from)\s*[=(]?\s*[\"'](?:https?:)?//", text)
    assert len(text.splitlines()) <= 300


async def test_files_outside_the_static_folder_are_not_served(town, visitor):
    await status(visitor, town.page_url)

    assert await status(visitor, URL(f"{at(town, '/static/')}..%2fserver.py", encoded=True)) == 404
    assert await status(visitor, at(town, "/static/js/nothing.js")) == 404
