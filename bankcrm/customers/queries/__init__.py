"""Reads about customers, by subject."""
