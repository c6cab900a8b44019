"""The answer engine: the policy as a document, and what it does and does not say."""
