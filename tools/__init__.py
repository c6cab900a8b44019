"""What a checkout is worked with; not in the wheel."""
