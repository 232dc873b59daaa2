"""Writes about customers, by subject."""
