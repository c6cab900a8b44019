"""Slack's payloads, narrowed to what people meant."""
