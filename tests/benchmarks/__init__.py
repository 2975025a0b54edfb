"""Benchmarks: what Comity does, beside what one would use instead, measured in the same run."""
