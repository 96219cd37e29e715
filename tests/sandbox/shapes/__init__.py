"""The outlines (key → type) of what the real networks answer."""
