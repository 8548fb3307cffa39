"""Pages of accounts: the entrance, one's own pages, invitations, leaving, and what people with a role do."""
