"""From the cells of a file to rows and named problems. Nothing here touches the database."""
