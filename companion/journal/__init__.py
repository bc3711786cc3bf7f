"""What is kept: every event of every session and of the tablet's own book, append-only."""
