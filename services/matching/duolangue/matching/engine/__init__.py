"""Computes who could meet whom, how well, and the best assignment: pure functions over numpy arrays, no I/O."""
