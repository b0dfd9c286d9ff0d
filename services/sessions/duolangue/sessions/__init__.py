"""What duos do together: conversations that took place, and commitments kept or missed."""
