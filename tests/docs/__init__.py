"""The documentation: what is generated is current, what is quoted works."""
