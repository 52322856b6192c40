"""Makes the generated parts of the docs: the reference, the man page, the pictures and the site."""
