"""Who takes part: associations, coordinators, participants, their consent, sign-in and keys. The only holder of names and addresses."""
