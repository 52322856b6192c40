"""Values as JSON objects and as plain records: the keys and columns that other programs rely on."""

from valuelog.model.fields import to_plain


def plain_attributes(value: object, *names: str) -> dict[str, object]:
    """Return some attributes of an object under their own names, as what JSON can hold."""
    return {name: to_plain(getattr(value, name)) for name in names}
