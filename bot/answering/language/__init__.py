"""What a question is written in: its words, scripts, spelling, and what it presupposes."""
