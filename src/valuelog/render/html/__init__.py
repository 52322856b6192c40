"""One self-contained HTML page: no scripts, no requests, and all user text is escaped."""
