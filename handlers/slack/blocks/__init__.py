"""What staff look at, as Block Kit: pure functions of views."""
