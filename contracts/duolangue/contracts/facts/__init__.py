"""Every fact, one module per owner. Importing this package fills `Fact.registry`."""

from duolangue.contracts.facts import activities, matching, notifications, registration, sessions

__all__ = ["activities", "matching", "notifications", "registration", "sessions"]
