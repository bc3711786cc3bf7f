"""A copy of all that a tablet keeps, and its way back."""
