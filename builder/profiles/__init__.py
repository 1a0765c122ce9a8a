"""House rules as data: what a corpus demands of its own notes and pages, beyond what every corpus must keep to."""
