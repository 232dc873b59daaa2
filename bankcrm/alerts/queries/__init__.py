"""What this app reads."""
