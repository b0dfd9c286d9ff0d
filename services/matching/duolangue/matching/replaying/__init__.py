"""The replay of a past year: a simulation in which every run is computed by the engine as a real one is."""
