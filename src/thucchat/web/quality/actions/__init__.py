"""What people do to targets, handovers, commitments, reviews and acceptances."""
