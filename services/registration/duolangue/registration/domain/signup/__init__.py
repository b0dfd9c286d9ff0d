"""Signing up, one question a page: what was answered so far, which questions concern somebody, what is kept meanwhile."""
