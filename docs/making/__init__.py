"""Generators for the docs: the reference, the man page, the pictures and the site."""
