"""Identity: codes, challenges, budgets, phone proofs, and what is still needed.

The numbers and their sources: docs/design/security.md, "Levels of identity", "Codes" and "Budgets".
"""
