"""Units and who works for them: the dated tree, school years, clusters, accounts and their roles (A1)."""
