"""What every domain stands on: configuration, database, journal, outbox, errors, texts."""
