"""What people do with the targets of the documents."""
