"""Search over the directory: any of the six languages, any script, as one types, typing errors forgiven."""
