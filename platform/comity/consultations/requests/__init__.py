"""Tracked requests: what a request asks for, where it stands, and which step the law lets follow."""
