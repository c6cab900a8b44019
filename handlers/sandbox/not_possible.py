"""What a person cannot do on either screen, Telegram's or Slack's."""


class NotPossible(Exception):
    """A person tried what a real screen would not offer: no such button, no open modal."""
