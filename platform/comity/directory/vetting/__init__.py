"""Who comes in, stands in and leaves: two offices decide, and every step is kept."""
