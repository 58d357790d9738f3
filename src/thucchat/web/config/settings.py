"""Django settings, read from the environment once."""

INSTALLED_APPS: list[str] = []
