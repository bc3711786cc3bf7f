"""Whether a tablet is fit for the day: what was looked at, and what follows from it."""
