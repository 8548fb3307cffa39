"""Who is who: accounts, roles, signing in."""
