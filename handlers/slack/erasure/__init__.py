"""What an erasure does in Slack: the desk's own posts go, staff's words are told."""
