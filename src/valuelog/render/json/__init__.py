"""Values as documents (JSON) and as records (plain): the keys and columns that other programs rely on."""
