"""A Telegram, a Slack and a mailbox that live on this machine: the embedded default of `run`.

`environment.sandbox_environment()` starts them together with the page and gives the settings that
point the very same edges at them; `tour.play_tour()` plays a whole ticket there and tells it in
the terminal.
"""
