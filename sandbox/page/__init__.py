"""The page on which a person is the customer."""
