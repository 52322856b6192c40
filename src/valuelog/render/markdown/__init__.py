"""Values as Markdown: to paste into a note or a mail. What people wrote stays literal."""
