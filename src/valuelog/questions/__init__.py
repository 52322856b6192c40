"""The catalogue of questions, stored as TOML, and the selection for an evening."""
