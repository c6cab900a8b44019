"""What is left of a subject: searched for everywhere, in every spelling, and masked."""
