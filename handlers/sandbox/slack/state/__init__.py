"""What the stand-in's workspace holds."""
