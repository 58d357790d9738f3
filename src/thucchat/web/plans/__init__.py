"""Plans: the targets of the official documents, each with a status that is computed or reported."""
