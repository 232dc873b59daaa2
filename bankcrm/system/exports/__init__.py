"""Who exported or printed what: the page that a tracing code leads to."""
