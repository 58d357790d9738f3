"""What is known of the targets of the documents."""
