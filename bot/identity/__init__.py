"""Identity: codes, challenges, budgets, phone proofs and what is still needed (security.md 4)."""
