"""Pictures of a form that are part of its layout, as PNG."""

import cv2
import numpy as np

from thucchat.engine.sheets.reading.images import Image


def decoded(picture: bytes) -> Image:
    """A PNG as a grey image."""
    return np.asarray(cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_GRAYSCALE), np.uint8)


def encoded(image: Image) -> bytes:
    """A grey image as PNG."""
    return bytes(cv2.imencode(".png", image)[1].tobytes())
