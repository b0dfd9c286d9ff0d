"""What matching knows and decides: people as it sees them, duos and their life, runs, exclusions. No I/O."""
