"""The talk in which a client proves who they are."""
