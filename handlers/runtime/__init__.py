"""The desk as a process: put together, started, kept at work, stopped."""
