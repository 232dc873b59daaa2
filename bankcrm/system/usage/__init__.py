"""Usage statistics: who uses what, how often, and who does not; counted in the processes, kept by day, week, month."""
