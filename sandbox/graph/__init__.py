"""Facebook's Graph API for pages, under /graph/."""
