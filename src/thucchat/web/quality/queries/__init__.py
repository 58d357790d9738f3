"""What is read of targets, handovers, commitments, reviews and acceptances."""
