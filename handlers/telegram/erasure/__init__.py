"""What an erasure does in a subject's own chats."""
