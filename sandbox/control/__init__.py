"""Control: what tests, benchmarks and the demo do to the pretend networks."""
