"""The vocabulary itself, one module for each field of study or work."""
