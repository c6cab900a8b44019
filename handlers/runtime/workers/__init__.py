"""What runs by itself: the inbox's and the outbox's workers, the timers."""
