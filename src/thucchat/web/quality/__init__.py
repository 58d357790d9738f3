"""The quality contract: targets, handover, commitment, monthly review, acceptance (D1-D7)."""
