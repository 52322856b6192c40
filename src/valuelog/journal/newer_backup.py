"""Whether the newest backup has changes that the journal lacks: an older file was put in the journal's place."""

from valuelog.journal.backup_checks import read_checks
from valuelog.journal.backups import Backup, backups_folder, newest_verified
from valuelog.journal.store import Journal


def find_newer_backup(journal: Journal) -> Backup | None:
    """Return the newest verified backup if the journal's log doesn't begin with its log."""
    newest = newest_verified(journal.path)
    check = read_checks(backups_folder(journal.path)).get(newest.path.name) if newest else None
    if check is None:
        return None
    sql = (
        "SELECT name, (SELECT hash FROM change c WHERE c.device = d.id AND c.seq <= ? ORDER BY counter DESC LIMIT 1)"
        " FROM device d"
    )
    heads = {name: last.hex() for name, last in journal.rows(sql, (check.changes,)) if last}
    return None if heads == check.heads else newest
