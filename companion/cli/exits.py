"""How a command ends where it does not end well."""

FAULT = 1
"""A fault, or a finding."""
BAD_CONTENT = 2
"""Bad configuration or content."""
