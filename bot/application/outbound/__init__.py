"""What goes out, free of any platform."""
