"""What staff look at, free of any platform: pure functions of the store's state."""
