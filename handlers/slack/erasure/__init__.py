"""What an erasure does in the staff's workspace: the desk's own posts go, staff's words are told."""
