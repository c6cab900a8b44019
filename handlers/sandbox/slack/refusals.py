"""How the Web API says no: an error code in a body of HTTP 200."""

from typing import Any


class ApiRefusal(Exception):
    """A call that Slack answers with `ok: false`."""

    def __init__(self, code: str, *messages: str, **more: object) -> None:
        super().__init__(code)
        self.code = code
        self.messages = list(messages)
        self.more = more

    def body(self) -> dict[str, Any]:
        """Give the answer as Slack words it; what is wrong is in response_metadata."""
        body: dict[str, Any] = {"ok": False, "error": self.code, **self.more}
        if self.messages:
            body["response_metadata"] = {"messages": self.messages}
            if self.code == "invalid_blocks":
                body["errors"] = [m.removeprefix("[ERROR] ") for m in self.messages]
        return body
