"""`privacydesk run` as a process of its own, against stand-ins in this one.

What a desk loses or doubles when it is killed can only be seen from outside of it.
"""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from asyncio.subprocess import Process
from dataclasses import dataclass, field
from pathlib import Path

from handlers.sandbox.slack import SlackServer
from handlers.sandbox.telegram import TelegramServer
from tests.support.drivers.office import APP_TOKEN, BOT_TOKEN, PRIVACY, SECRET, SUPPORT
from tests.support.stores.stages import MASTER_KEY

ROOT = Path(__file__).parents[3]
DESK_OF = "TESTED_CHECKOUT"
"""Names another checkout, whose desk is started in place of this one's: to compare the two."""
OURS = ("TELEGRAM_", "SLACK_", "SANDBOX", "DATABASE_URL", "SMTP_URL", "CLIENTS_", "PRIVACYDESK_")
START_SECONDS = 60


@dataclass
class LiveDesk:
    """Starts, is killed, and starts again on the same store."""

    folder: Path
    telegram: TelegramServer
    slack: SlackServer
    more: dict[str, str] = field(default_factory=dict[str, str])
    under: tuple[str, ...] = ()
    """Words between the interpreter and the desk, such as a profiler's."""
    port: int = field(default_factory=lambda: free_port())  # noqa: PLW0108  # defined below
    _process: Process | None = None

    async def start(self) -> None:
        """Returns when it hears both platforms."""
        await self.launch()
        await self.heard()

    async def launch(self) -> None:
        """Returns when there is a process, which knows nothing yet."""
        assert self._process is None, "the last life has not ended"
        with (self.folder / "desk.log").open("ab") as said:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, *self.under, "-m", "handlers", "run"),
                cwd=self.folder,
                env=self._environment(),
                stdout=said,
                stderr=said,
            )

    async def heard(self) -> None:
        """Waits until it hears both platforms."""
        async with asyncio.timeout(START_SECONDS):
            if self.more.get("TELEGRAM_MODE") == "webhook":
                await self._set_its_webhook()
            else:
                await self.telegram.polled()
            is_http = self.slack.mode == "http"
            await (self._listens() if is_http else self.slack.connected(START_SECONDS))

    async def kill(self) -> None:
        """kill -9: it has no chance to do anything about it."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        """In good order."""
        await self._end(signal.SIGTERM)

    async def command(self, *words: str) -> str:
        """What another process says to a command on the same desk: `tickets`, `show`, ..."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "handlers", *words),
            cwd=self.folder,
            env=self._environment(),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        return said.decode()

    @property
    def cpu_seconds(self) -> float:
        """What this life has used of a processor, where the system tells."""
        stat = Path(f"/proc/{self._process.pid if self._process else 0}/stat")
        if not stat.exists():
            return 0.0
        used = stat.read_text(encoding="utf-8").rpartition(")")[2].split()[11:13]
        return sum(map(int, used)) / os.sysconf("SC_CLK_TCK")

    @property
    def said(self) -> str:
        """What it wrote, of all its lives."""
        return (self.folder / "desk.log").read_text(encoding="utf-8")

    async def _end(self, number: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(number)
        async with asyncio.timeout(START_SECONDS):
            await process.wait()

    async def _set_its_webhook(self) -> None:
        while True:
            if self.telegram.reception.webhook is not None:
                return
            await asyncio.sleep(0.05)

    async def _listens(self) -> None:
        self.slack.request_url = f"http://127.0.0.1:{self.port}/slack/events"
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        return kept | {
            "PYTHONPATH": os.environ.get(DESK_OF, str(ROOT)),
            "NO_PROXY": "127.0.0.1",
            "LOG_LEVEL": "WARNING",
            "SANDBOX": "never",
            "DATABASE_URL": f"sqlite:///{self.folder / 'desk.db'}",
            "PRIVACYDESK_MASTER_KEY": MASTER_KEY,
            "ERASURE_LEDGER": str(self.folder / "erasures.jsonl"),
            "TELEGRAM_BOT_TOKEN": self.telegram.token,
            "TELEGRAM_API_BASE_URL": self.telegram.root_url,
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_BASE_URL": self.slack.root,
            "SLACK_MODE": self.slack.mode,
            "SLACK_SUPPORT_CHANNEL": SUPPORT,
            "SLACK_PRIVACY_CHANNEL": PRIVACY,
            "SLACK_AGENTS": "U0BOB,U0ANN",
            "SLACK_APPROVERS": "U0SAL",
            "PORT": str(self.port),
            **self.more,
        }


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
