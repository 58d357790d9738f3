"""Published target sets as data, one file a document; a new plan stands beside the old one."""
