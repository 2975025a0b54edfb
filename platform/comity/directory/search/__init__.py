"""Search over States and authorities: any of the six languages, any script, as one types, typing errors forgiven."""
