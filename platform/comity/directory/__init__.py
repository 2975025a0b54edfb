"""The directory in two parts: States, authorities, posts and their holders."""
