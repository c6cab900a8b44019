"""How the sandbox starts: a fresh store, the operator's own ways, and the page's address."""

from pathlib import Path

from bot.wording import say
from handlers.sandbox.town import World
from handlers.settings import Settings

IGNORED = ("database_url", "smtp_url", "clients_database_url", "clients_query")
"""The sandbox never touches what belongs to the live desk."""


def sandbox_values(settings: Settings, overrides: dict[str, str]) -> dict[str, object]:
    """The operator's settings with the made-up town's laid over them."""
    kept = (name for name in Settings.model_fields if name not in IGNORED)
    own: dict[str, object] = {name: getattr(settings, name) for name in kept}
    return own | {name.lower(): value for name, value in overrides.items()}


def clear_sandbox(folder: Path) -> None:
    """A made-up town begins empty, and so does its store."""
    folder.mkdir(exist_ok=True)
    for file in folder.glob("desk.db*"):
        file.unlink()


def announce(world: World) -> None:
    """Say where the page is; open it where there is a screen."""
    print(say("sandbox.started", url=world.page_url), flush=True)  # noqa: T201  # the one line for a person
    world.open_browser_if_any()
