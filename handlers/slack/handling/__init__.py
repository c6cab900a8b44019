"""What staff did, done: each intent is one use case."""
