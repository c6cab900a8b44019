"""Text and its markup as the Bot API reads them."""
