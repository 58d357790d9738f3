"""Official forms: one module per form, from results to a document tree."""
