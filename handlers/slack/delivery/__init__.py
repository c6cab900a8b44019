"""What goes out to Slack: cards, threads, files."""
