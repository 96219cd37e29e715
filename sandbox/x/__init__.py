"""X API v2 (and the v1.1 media upload) at the real paths."""
