"""The legal clock: regimes as data rows, calendars of places, and how a due date comes about."""
