"""Files of answers and keys: cells to values, every fault named; nothing is saved here."""
