"""The clients' side: Telegram, by python-telegram-bot."""
