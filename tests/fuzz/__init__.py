"""Made-up input for the parsers of tokens, cookies, forms and events."""
