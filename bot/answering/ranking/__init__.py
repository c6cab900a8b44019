"""Which sentences of a policy speak of what is asked, by several kinds of evidence."""
