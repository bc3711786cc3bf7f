"""How long a test waits for what must come about: long, for a busy machine is no fault of ours.
Whoever waits goes on as soon as it has come."""

PATIENCE = 90.0
"""Seconds."""
