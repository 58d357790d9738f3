"""Pages of units, accounts and roles."""
