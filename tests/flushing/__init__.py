"""An app for tests alone: a `flush` that takes milliseconds."""
