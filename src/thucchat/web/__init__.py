"""The stateful half: one Django project whose apps own what `docs/` says they own."""
