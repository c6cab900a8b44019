"""The policy as a document: blocks, sections, sentences, and reviewed summaries of them."""
