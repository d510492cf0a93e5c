"""One module a source: what its files look like and how they become nodes and relationships."""
