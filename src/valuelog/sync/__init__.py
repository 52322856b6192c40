"""Sync: sealed files of changes on a remote that other machines read. It knows nothing about the journal.

A remote is a git repository, a folder or one of rclone's services; it stores files that are written once and never
changed. `segment` and `marker` say what is in them, `sealing` encrypts them, `remote` finds the right way to a remote.
"""
