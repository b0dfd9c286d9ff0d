"""The published language of Duolangue: what crosses the bus, and nothing of how it is made."""
