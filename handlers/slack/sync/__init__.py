"""What is held against Slack again and again: staff, missed words, lost cards."""
