"""A Slack workspace on loopback, as strict as the real one, with staff to drive it."""

from handlers.sandbox.not_possible import NotPossible
from handlers.sandbox.slack.clock import SetClock, WallClock
from handlers.sandbox.slack.record import Violation
from handlers.sandbox.slack.server import SlackServer
from handlers.sandbox.slack.staff.people import Person

__all__ = ["NotPossible", "Person", "SetClock", "SlackServer", "Violation", "WallClock"]
