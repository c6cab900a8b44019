"""What the stand-in knows: chats, updates, files, and a record of what happened."""
