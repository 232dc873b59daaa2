"""Pages of the bank's people, by subject."""
