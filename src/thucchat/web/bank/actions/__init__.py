"""What people do with items, blueprints, proposals and draws."""
