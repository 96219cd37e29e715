"""A pretend social network in a process of its own: X API v2 and the Graph API over HTTP."""
