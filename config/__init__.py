"""Hall files: the schema, the loader and the halls themselves. Read at the edge, handed in as plain objects."""
