"""Every fact, one module per owner. Importing this package fills `Fact.registry`."""

from duolangue.contracts.facts import matching, notifications, registration, sessions

__all__ = ["matching", "notifications", "registration", "sessions"]
