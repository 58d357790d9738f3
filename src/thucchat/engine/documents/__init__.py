"""Documents: a tree of blocks, written as Word, PDF or Excel in the administrative layout; charts."""
