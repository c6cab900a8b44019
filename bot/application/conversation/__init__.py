"""The talk with a client, free of any platform: Telegram and the terminal call the same API."""
