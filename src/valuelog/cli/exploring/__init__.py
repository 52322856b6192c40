"""A snapshot shown in a browser: `site` knows Datasette, `serving` where it listens, `guard` who may look."""
