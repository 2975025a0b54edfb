"""What States need from a request: structured requirements, a text, and links to laws, guides and models."""
