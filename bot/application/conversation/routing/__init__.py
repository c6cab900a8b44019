"""What becomes of an update: the state it meets, one decision as a value, and its carrying out."""
