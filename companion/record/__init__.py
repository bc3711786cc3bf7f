"""The record as people use it: kept, proved, told, corrected, put away and let go."""
