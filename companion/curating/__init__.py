"""The work of those who curate the library: add, change, hear, check and carry."""
