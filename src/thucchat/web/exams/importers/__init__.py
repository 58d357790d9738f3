"""Files of results and of national means: cells to values, every fault named; nothing is saved here."""
