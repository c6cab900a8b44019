"""A Telegram Bot API on loopback, as strict as the real one, with clients to drive it."""
