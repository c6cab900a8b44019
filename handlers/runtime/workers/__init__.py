"""What runs by itself: the inbox's workers, the relay, the timers."""
