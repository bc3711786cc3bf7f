"""The sentences of a script as sound: spoken by a voice command, or a person's own recordings."""
