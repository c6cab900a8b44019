"""What outlives the database: the ledger of erasures, backups, and the way back from them."""
