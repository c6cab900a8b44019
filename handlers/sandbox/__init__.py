"""A Telegram and a Slack that live on this machine: the embedded default of `privacydesk run`."""
