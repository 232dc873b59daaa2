"""Pages of alerts, rules and tasks."""
