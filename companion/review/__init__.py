"""Who read and accepted what a patient would get."""
