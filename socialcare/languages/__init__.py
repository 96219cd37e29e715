"""The languages of the interface: what the sources say, what the catalogues have, and the catalogues made ready."""
