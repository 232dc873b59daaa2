"""What can go wrong with PostgreSQL."""


class PostgresError(Exception):
    """PostgreSQL cannot be had; the message says why and what to do."""
