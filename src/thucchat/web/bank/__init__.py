"""The bank: items and blueprints, papers proposed by units, the draw among them, variants."""
