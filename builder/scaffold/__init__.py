"""What `postil new` and `postil init` write: a sidecar to start from, a project to start from."""
