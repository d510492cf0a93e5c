"""Public data as panels, and the table in which forecasters stand beside one another."""
