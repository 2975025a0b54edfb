"""Files: taken in, encrypted, kept outside of the database, and given out again, all of it in bounded memory."""
