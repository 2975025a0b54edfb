"""Sign-in by an authority's own OpenID provider, and what the provider's groups give at the authority's posts."""
