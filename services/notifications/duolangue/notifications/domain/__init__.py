"""Messages, contacts and weekly nudges: what they are and how they change. No name, no address, no number."""
