"""Data requests: asking, proving, freezing, telling, and what time does to them."""
