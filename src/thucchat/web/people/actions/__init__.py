"""What people do to pupils, staff and classes."""
