import struct
import zlib

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thucchat.engine.errors import InvalidInput
from thucchat.engine.sheets.reading.images import capture_bytes, decode, header_sizes, page_count, pages

GREY = (np.arange(400 * 300, dtype=np.uint32).reshape(400, 300) % 251).astype(np.uint8)


def encoded(suffix, image=GREY):
    return cv2.imencode(suffix, image)[1].tobytes()


def png_claiming(width, height):
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunk = b"IHDR" + head
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif"])
def test_the_header_tells_the_size(suffix):
    shot = capture_bytes("a", encoded(suffix))
    assert header_sizes(shot) == [(300, 400)]
    (image,) = pages(shot)
    assert image.shape == (400, 300)


def test_every_page_of_a_tiff_is_read():
    _, content = cv2.imencodemulti(".tif", [GREY, 255 - GREY])
    found = list(pages(capture_bytes("a", content.tobytes())))
    assert [int(image[0, 5]) for image in found] == [5, 250]


@pytest.mark.parametrize(("width", "height"), [(13_000, 13_000), (100_000, 500), (2**31 - 1, 2**31 - 1)])
def test_an_image_bomb_is_refused_by_its_header(width, height):
    with pytest.raises(InvalidInput, match="quá 40 triệu") as refusal:
        page_count(capture_bytes("bom.png", png_claiming(width, height)))
    assert refusal.value.code == "image.pixels"


@pytest.mark.parametrize("content", [b"", b"hello", b"GIF89a", b"BM" + bytes(60), b"\xff\xd8", b"PK\x03\x04"])
def test_formats_outside_the_list_are_refused(content):
    with pytest.raises(InvalidInput, match="không phải là PDF"):
        capture_bytes("x.png", content)


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_truncated_image_is_never_half_read(suffix, share):
    content = encoded(suffix)
    shot = capture_bytes("x", content[: int(len(content) * share)])
    outcome = decode(shot)
    assert isinstance(outcome, InvalidInput)
    assert outcome.code == "image.broken"


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([".jpg", ".png", ".tif"]), st.integers(0, 10**6), st.binary(min_size=1, max_size=6))
def test_damaged_bytes_give_pictures_or_our_own_refusals(suffix, place, noise):
    content = bytearray(encoded(suffix))
    start = 4 + place % (len(content) - 4)
    content[start : start + len(noise)] = noise
    try:
        found = list(pages(capture_bytes("x", bytes(content))))
    except InvalidInput:
        return
    assert all(isinstance(one, (np.ndarray, InvalidInput)) for one in found)


def test_a_large_photograph_is_read_at_half_size_first():
    shot = capture_bytes("a.jpg", encoded(".jpg", np.full((4000, 3000), 200, np.uint8)))
    assert decode(shot).shape == (2000, 1500)
    assert decode(shot, full=True).shape == (4000, 3000)


@pytest.mark.parametrize("content", [b"%PDF-1.4\n", b"%PDF-1.7\nnonsense" * 50])
def test_a_broken_pdf_is_refused_by_name(content):
    with pytest.raises(InvalidInput, match=r"Không mở được PDF “hong\.pdf”"):
        page_count(capture_bytes("hong.pdf", content))
