"""The Slack edge: where staff work."""
