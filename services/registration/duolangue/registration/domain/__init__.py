"""What registration decides: pure models and functions, no I/O."""
