"""What a request tells its subject and the staff, and the mails that carry it."""
