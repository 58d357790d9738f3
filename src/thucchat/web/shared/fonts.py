"""Fonts for printed documents, where the assets are installed."""

from pathlib import Path

from django.conf import settings


def font_folders() -> list[Path]:
    """The folder of fonts that look like Times New Roman, or none."""
    folders = (Path(folder) / "fonts" for folder in settings.STATICFILES_DIRS)
    return [folder for folder in folders if any(folder.glob("*.ttf"))]
