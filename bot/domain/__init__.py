"""The domain: clients, tickets, data requests, identity and the legal calendar; plain values."""
