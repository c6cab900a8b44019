"""One reading of a message, over the update as it came: the library is older than the Bot API."""
