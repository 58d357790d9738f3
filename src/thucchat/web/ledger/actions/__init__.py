"""What changes the ledger: recording, sealing, deciding."""
