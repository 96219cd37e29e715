"""A morning of two invented brands and their customers."""
