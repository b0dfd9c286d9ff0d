"""Every fact, one module per owner. Importing this package fills `Fact.registry`."""

from duolangue.contracts.facts import activities, courses, matching, notifications, registration, sessions

__all__ = ["activities", "courses", "matching", "notifications", "registration", "sessions"]
