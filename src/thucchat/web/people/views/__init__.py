"""Pages of pupils, staff and classes."""
