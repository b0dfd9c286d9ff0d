"""Who meets whom: the pool, compatibility, the assignment, duos and what becomes of them."""
