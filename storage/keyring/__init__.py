"""The keys of a store: how they are kept, found again and exchanged."""
