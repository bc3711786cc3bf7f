"""A whole session without a patient: simulated, heard by measuring, and told."""
