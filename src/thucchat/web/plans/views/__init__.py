"""Pages of the targets of the documents."""
