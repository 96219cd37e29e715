"""Connecting an account: the authorize pages and the token endpoints of both networks."""
