"""The Bot API's HTTP: paths, tokens, planted faults; here alone refusals are caught."""

import asyncio
import inspect
import json
import re
from http import HTTPStatus
from typing import Any, Final

from aiohttp import web

from handlers.sandbox.telegram import request_parameters, schema
from handlers.sandbox.telegram.faults import Fault, Faults, Trouble
from handlers.sandbox.telegram.methods import (
    bot_profile,
    callback_answers,
    copies,
    edits,
    lookups,
    sends,
    uploads,
)
from handlers.sandbox.telegram.methods.method_call import Ask, Method
from handlers.sandbox.telegram.methods.update_methods import Reception, Written
from handlers.sandbox.telegram.refusals import (
    LOGGED_OUT,
    Refusal,
    bad_request,
    not_found,
    too_many,
    unauthorized,
)
from handlers.sandbox.telegram.request_parameters import Asked
from handlers.sandbox.telegram.state.record import Call
from handlers.sandbox.telegram.state.world import World

Json = dict[str, Any]

_METHOD_PATH: Final = re.compile(r"/bot([^/]+)/([^/]+)")
_FILE_PATH: Final = re.compile(r"/file/bot([^/]+)/(.+)")
_TOKEN: Final = re.compile(r"\d+:[\w-]+")
_BAD_GATEWAY: Final = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
_SERVER_ERROR: Final = Refusal(500, "Internal Server Error")
_NO_FILE: Final = "file not found"
_NO_ANSWER: Final = 0
_LOSES_ANSWER: Final = (Trouble.RESET_AFTER, Trouble.TIMEOUT_AFTER, Trouble.SLOW)


class Wire:
    """Turns requests into method calls; whatever a method refuses becomes the platform's answer."""

    def __init__(self, world: World, token: str, reception: Reception, faults: Faults) -> None:
        self._world = world
        self._token = token
        self._reception = reception
        self._faults = faults
        self._methods: dict[str, Method] = {
            **sends.METHODS,
            **uploads.METHODS,
            **edits.METHODS,
            **copies.METHODS,
            **callback_answers.METHODS,
            **bot_profile.METHODS,
            **lookups.METHODS,
            **reception.methods(),
        }

    async def answer(self, request: web.Request) -> web.Response:
        wanted_file = _FILE_PATH.fullmatch(request.path)
        if wanted_file is not None:
            return self._file(*wanted_file.groups())
        wanted = _METHOD_PATH.fullmatch(request.path)
        if wanted is None:
            return _refused(not_found())
        refusal = self._token_refusal(wanted[1])
        if refusal is not None:
            return _refused(refusal)
        return await self._answer_method(request, wanted[2])

    def _token_refusal(self, token: str) -> Refusal | None:
        if token == self._token:
            return None
        return unauthorized() if _TOKEN.fullmatch(token) else not_found()

    def _file(self, token: str, path: str) -> web.Response:
        refusal = self._token_refusal(token)
        if refusal is not None:
            return _refused(refusal)
        content = self._world.files.borrowed(path)
        if content is None:
            return _refused(not_found(_NO_FILE))
        return web.Response(body=content, content_type="application/octet-stream")

    async def _answer_method(self, request: web.Request, name: str) -> web.Response:
        try:
            method = schema.known_method(name)
            asked = await request_parameters.read(request)
        except Refusal as refusal:
            self._note(name, Asked(), refusal)
            return _refused(refusal)
        fault = self._faults.hit(method)
        if fault is None:
            return await self._called(method, asked)
        return await self._with_fault(fault, request, method, asked)

    async def _with_fault(
        self, fault: Fault, request: web.Request, method: str, asked: Asked
    ) -> web.Response:
        if fault.kind in _LOSES_ANSWER:
            return await self._then_lost(fault, request, method, asked)
        match fault.kind:
            case Trouble.TOO_MANY:
                refusal = too_many(fault.retry_after)
            case Trouble.SERVER_ERROR:
                refusal = _SERVER_ERROR
            case Trouble.BAD_GATEWAY:
                self._log(method, asked, HTTPStatus.BAD_GATEWAY, fault.kind)
                return web.Response(status=502, text=_BAD_GATEWAY, content_type="text/html")
            case _:
                self._log(method, asked, _NO_ANSWER, fault.kind)
                return await _unanswered(fault, request)
        self._note(method, asked, refusal)
        return _refused(refusal)

    async def _then_lost(
        self, fault: Fault, request: web.Request, method: str, asked: Asked
    ) -> web.Response:
        """Processed, but the bot may never know: the fault that exposes double sends."""
        response = await self._called(method, asked)
        query = self._world.queries.get(str(asked.parameters.get("callback_query_id")))
        if query is not None:
            query.was_lost = True
        if fault.kind is Trouble.SLOW:
            await asyncio.sleep(fault.seconds)
            return response
        return await _unanswered(fault, request)

    async def _called(self, method: str, asked: Asked) -> web.Response:
        try:
            body = await self._result(method, asked)
        except Refusal as refusal:
            self._note(method, asked, refusal)
            return _refused(refusal)
        self._log(method, asked, HTTPStatus.OK)
        return web.Response(text=f'{{"ok":true,"result":{body}}}', content_type="application/json")

    async def _result(self, method: str, asked: Asked) -> str:
        if self._reception.is_logged_out:
            raise bad_request(LOGGED_OUT)
        ask = Ask(method, schema.check(method, _with_uploads(asked)), asked.uploads, self._world)
        result = self._methods[method](ask)
        if inspect.isawaitable(result):
            result = await result
        return result if isinstance(result, Written) else json.dumps(result, separators=(",", ":"))

    def _note(self, method: str, asked: Asked, refusal: Refusal) -> None:
        self._log(method, asked, refusal.code, refusal.description)
        if refusal.is_mistake:
            self._world.record.blame("refused", method, refusal.description)

    def _log(self, method: str, asked: Asked, status: int, description: str = "") -> None:
        chat_id = str(asked.parameters.get("chat_id", ""))
        number = int(chat_id) if chat_id.lstrip("-").isdecimal() else None
        self._world.record.log(Call(method, number, self._world.clock(), status, description))


def _with_uploads(asked: Asked) -> Json:
    """A file sent under its parameter's own name counts as that parameter."""
    fields = {name: f"attach://{name}" for name in asked.uploads}
    named = {name: value for name, value in fields.items() if not _is_referred(asked, value)}
    return {**named, **asked.parameters}


def _is_referred(asked: Asked, reference: str) -> bool:
    return any(reference in str(value) for value in asked.parameters.values())


def _refused(refusal: Refusal) -> web.Response:
    return web.json_response(refusal.as_json(), status=refusal.code)


async def _unanswered(fault: Fault, request: web.Request) -> web.Response:
    """Silence until the client gives up, or the connection cut at once."""
    if fault.kind in (Trouble.TIMEOUT, Trouble.TIMEOUT_AFTER):
        await asyncio.Event().wait()
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
