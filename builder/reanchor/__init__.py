"""When a source document changes: fingerprints are pinned, notes are carried from the old text to the new one."""
