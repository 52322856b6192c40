"""Values as Markdown, to paste into a note or an email. Text that people wrote stays literal."""
