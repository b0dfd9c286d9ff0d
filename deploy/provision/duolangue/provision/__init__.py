"""The one owner of streams, consumers, database users and permissions, read from what the services declare."""
