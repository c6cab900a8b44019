"""Settings of a live desk whose platforms do not answer."""

AWAY = "http://127.0.0.1:9"
LIVE = {
    "TELEGRAM_BOT_TOKEN": "123456:abc",
    "TELEGRAM_API_BASE_URL": AWAY,
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_APP_TOKEN": "xapp-1",
    "SLACK_API_BASE_URL": AWAY,
    "SLACK_SUPPORT_CHANNEL": "C1",
    "SLACK_PRIVACY_CHANNEL": "C2",
    "DATABASE_URL": "sqlite:///desk.db",
}
