"""Commands about the store itself: its keys, its copies, the ledger of erasures."""
