"""Journeys through the demonstration bank in a real browser."""
