"""What changed: between two revisions in terms of notes, and over all of history."""
