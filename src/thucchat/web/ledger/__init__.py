"""The ledger: what happened, sealed so that nobody rewrites it unseen; and acts that need two persons."""
