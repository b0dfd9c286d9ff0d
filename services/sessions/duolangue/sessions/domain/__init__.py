"""Conversations, commitments and weeks: pure decisions, no framework, no driver, no bus."""
