"""How Slack reaches the desk: listeners, over a socket or HTTP."""
