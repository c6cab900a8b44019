"""The client list: who is known, from a file or a CRM, and which two records are one person."""
