"""The Bot API's methods."""
