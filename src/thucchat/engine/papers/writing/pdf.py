"""Word papers as PDF or as pictures of pages, set by Typst.

Papers with objects it cannot draw are refused: no print with holes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

from thucchat.engine.errors import NoResult
from thucchat.engine.papers.reading.sources import open_source
from thucchat.engine.papers.writing.formulas import typst_formulas
from thucchat.engine.papers.writing.typst_paper import TypstPaper, filled, typst_paper

FIXED_TIME = 946684800  # equal papers give equal bytes
MEMORY = Path("/dev/shm")  # noqa: S108  where there is one, no word of a paper touches a disk
SCREEN_PPI = 80  # readable beside the questions, about 50 KB a page


@dataclass(frozen=True, slots=True)
class _Press:
    """How papers are set."""

    fonts: typst.Fonts
    form: str  # pdf, png
    formulas: dict[str, str | None]


def papers_to_pdf(contents: Sequence[bytes], fonts: Sequence[Path] = ()) -> list[bytes]:
    """Each Word file as PDF; formulas they share are converted once. `fonts` are folders of TTF files.

    Raises:
        NoResult: `pdf.opaque` when a paper holds MathType objects or pictures that cannot be drawn.
        InvalidInput: what `open_source` refuses.
    """
    return [b"".join(pages) for pages in _set(contents, fonts, "pdf")]


def page_pictures(content: bytes, fonts: Sequence[Path] = ()) -> list[bytes]:
    """Each page of a Word file as PNG. Raises what `papers_to_pdf` does."""
    return _set([content], fonts, "png")[0]


def _set(contents: Sequence[bytes], fonts: Sequence[Path], form: str) -> list[list[bytes]]:
    papers = [typst_paper(open_source(content)) for content in contents]
    opaque = max((paper.opaque for paper in papers), default=0)
    if opaque:
        message = f"Đề có {opaque} đối tượng (MathType, WMF) không vẽ được; hãy in từ Word hoặc LibreOffice."
        raise NoResult("pdf.opaque", message, count=opaque)
    formulas = typst_formulas(formula for paper in papers for formula in paper.formulas)
    families = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(one) for one in fonts]
    )
    press = _Press(families, form, formulas)
    return [_compiled(paper, press) for paper in papers]


def _compiled(paper: TypstPaper, press: _Press) -> list[bytes]:
    formulas = press.formulas
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        root = Path(folder)
        for name, content in paper.pictures.items():
            (root / name).write_bytes(content)
        try:
            return _compile(root, filled(paper, formulas), press)
        except typst.TypstError:
            # One formula that Typst refuses must not cost the whole paper: it is printed as LaTeX.
            refused = [
                each
                for each in paper.formulas
                if formulas.get(each) and not _stands(root, formulas[each], press)
            ]
            formulas.update(dict.fromkeys(refused))
            return _compile(root, filled(paper, formulas), press)


def _stands(root: Path, formula: str | None, press: _Press) -> bool:
    try:
        _compile(root, formula or "", press)
    except typst.TypstError:
        return False
    return True


def _compile(root: Path, source: str, press: _Press) -> list[bytes]:
    """The whole document, or its pages where they are pictures."""
    main = root / "main.typ"
    main.write_text(source, encoding="utf-8")
    compiler = typst.Compiler(str(main), root=str(root), font_paths=press.fonts, ignore_system_fonts=True)
    if press.form == "png":
        made = compiler.compile(format="png", ppi=SCREEN_PPI)
    else:
        made = compiler.compile(format="pdf", timestamp=FIXED_TIME, pdf_tags=False)
    return [made] if isinstance(made, bytes) else [page or b"" for page in made or []]
