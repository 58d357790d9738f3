"""What is read from the ledger: roots to print, lines to export."""
