"""How loud an output is, as somebody with a sound level meter found."""
