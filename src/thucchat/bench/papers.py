"""Speed of papers: reading one, shuffling it into 24 variants, printing them, on a paper made here.

The paper has 50 questions, 150 Office equations and 10 pictures; LibreOffice, where it is installed, prints
the same variants beside us.
"""

import shutil
import struct
import subprocess
import tempfile
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from thucchat.engine.papers.reading.reader import read_paper
from thucchat.engine.papers.shuffle import shuffle
from thucchat.engine.papers.writing.new_file import new_file
from thucchat.engine.papers.writing.pdf import papers_to_pdf

QUESTIONS, VARIANTS, PICTURES = 50, 24, 10
TARGETS = {"read": 1.0, "word": 2.0, "pdf": 5.0}  # seconds
REPEATS = 5
LETTERS = "ABCD"
Result = TypeVar("Result")


def run(scale: float) -> None:
    """Print the table; `scale` changes the number of variants."""
    count = max(2, round(VARIANTS * scale))
    codes = [str(101 + place) for place in range(count)]
    content = sample_paper(QUESTIONS)
    read_seconds, paper = _timed(lambda: read_paper(content))
    word_seconds, made = _timed(lambda: shuffle(content, codes, "đo"))
    pdf_seconds, pages = _timed(lambda: papers_to_pdf(made.files), repeats=2)
    print(
        f"{len(paper.questions)} questions, {paper.equations} equations, {len(content) / 1024:.0f} "
        f"KiB; {count} variants"
    )
    print(f"{'what':<28}{'seconds':>9}{'target':>9}")
    rows = [("read", "read one paper", read_seconds), ("word", f"{count} variants in Word", word_seconds)]
    rows.append(("pdf", f"{count} variants as PDF", pdf_seconds))
    for name, what, seconds in rows:
        print(f"{what:<28}{seconds:>9.3f}{TARGETS[name]:>9.1f}")
    print(f"PDF size {sum(map(len, pages)) / 1024 / count:.0f} KiB a variant")
    _beside_libreoffice(made.files, pdf_seconds)


def _timed(work: Callable[[], Result], repeats: int = REPEATS) -> tuple[float, Result]:
    """The shortest of several runs, in seconds, and what the last gave."""
    shortest = float("inf")
    for _ in range(repeats):
        begun = time.perf_counter()
        result = work()
        shortest = min(shortest, time.perf_counter() - begun)
    return shortest, result


def _beside_libreoffice(files: tuple[bytes, ...], ours: float) -> None:
    office = shutil.which("soffice")
    if office is None:
        print("LibreOffice is not installed: no comparison")
        return
    with tempfile.TemporaryDirectory() as folder:
        names = [Path(folder) / f"{place}.docx" for place in range(len(files))]
        for name, content in zip(names, files, strict=True):
            name.write_bytes(content)
        begun = time.perf_counter()
        command = [office, "--headless", "--convert-to", "pdf", "--outdir", folder, *map(str, names)]
        subprocess.run(command, check=True, capture_output=True)
        seconds = time.perf_counter() - begun
    print(f"LibreOffice prints the same files in {seconds:.1f} s: {seconds / ours:.1f} times ours")


def sample_paper(count: int) -> bytes:
    """A paper of `count` questions, three equations each, keys underlined, a picture in every fifth."""
    media = {f"rIdP{n}": ("image", f"media/image{n}.png", _picture(n)) for n in range(PICTURES)}
    return new_file("".join(_question(n) for n in range(1, count + 1)), media)


def _question(number: int) -> str:
    key = LETTERS[number % 4]
    stem = (
        _run(f"Câu {number}. Cho hàm số ")
        + _fraction(number)
        + _run(" liên tục trên đoạn đã cho. Giá trị của ")
    )
    stem += _integral(number) + _run(" bằng bao nhiêu, biết ") + _root(number) + _run("?")
    shown = _drawing(number % PICTURES) if number % 5 == 0 else ""
    options = "<w:r><w:tab/></w:r>".join(
        _run(f"{letter}.", marked=letter == key) + _run(f" {number * place + 1},{place}")
        for place, letter in enumerate(LETTERS)
    )
    return f"<w:p>{stem}</w:p>{shown}<w:p>{options}</w:p>"


def _run(text: str, *, marked: bool = False) -> str:
    look = '<w:rPr><w:u w:val="single"/></w:rPr>' if marked else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{text}</w:t></w:r>'


def _symbols(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


def _fraction(number: int) -> str:
    above, below = _symbols(f"x+{number}"), _symbols("x-1")
    return f"<m:oMath>{_symbols('y=')}<m:f><m:num>{above}</m:num><m:den>{below}</m:den></m:f></m:oMath>"


def _integral(number: int) -> str:
    limits = f"<m:sub>{_symbols('0')}</m:sub><m:sup>{_symbols(str(number))}</m:sup>"
    return (
        f'<m:oMath><m:nary><m:naryPr><m:chr m:val="∫"/></m:naryPr>{limits}<m:e>{_symbols("xdx")}</m:e>'
        f"</m:nary></m:oMath>"
    )


def _root(number: int) -> str:
    hidden = '<m:radPr><m:degHide m:val="1"/></m:radPr><m:deg/>'
    return f"<m:oMath><m:rad>{hidden}<m:e>{_symbols(f'a+{number}')}</m:e></m:rad></m:oMath>"


def _drawing(number: int) -> str:
    size = '<wp:extent cx="720000" cy="720000"/><wp:docPr id="1" name="P"/>'
    fill = (
        f'<pic:blipFill><a:blip r:embed="rIdP{number}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
    )
    shape = (
        '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="720000" cy="720000"/></a:xfrm><a:prstGeom '
        'prst="rect"/></pic:spPr>'
    )
    named = '<pic:nvPicPr><pic:cNvPr id="1" name="p"/><pic:cNvPicPr/></pic:nvPicPr>'
    inside = f'<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>{named}{fill}{shape}</pic:pic>'
    graphic = f"<a:graphic>{inside}</a:graphicData></a:graphic>"
    return f"<w:p><w:r><w:drawing><wp:inline>{size}{graphic}</wp:inline></w:drawing></w:r></w:p>"


def _picture(number: int) -> bytes:
    side = 120
    rows = b"".join(bytes([0]) + bytes((x * number + y) % 256 for x in range(side)) for y in range(side))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
