"""HTML: one page that needs nothing else. It knows no script, asks for nothing, and what people wrote stays text."""
