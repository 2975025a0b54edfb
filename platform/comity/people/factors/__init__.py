"""Second factors: passkeys, one-time codes, recovery codes, and the state between password and code."""
