"""Webhooks: other systems of the bank hear of changes to customers, signed and retried."""
