"""The whole platform on one machine, in one command, with servers of its own."""
