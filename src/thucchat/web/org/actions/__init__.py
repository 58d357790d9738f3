"""What people do to units, accounts and roles."""
