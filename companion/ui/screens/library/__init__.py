"""The library for curators and leads: what is there, how it sounds, and what is changed in it."""
