"""The sandbox's one web page: a client's phone, the staff's workspace and the mailbox."""
