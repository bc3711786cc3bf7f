"""The processes: the supervisor, the screen and the sound as it sees them, and what ties them."""
