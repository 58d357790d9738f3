"""Word papers as PDF, set by Typst. Papers with objects it cannot draw are refused: no print with holes."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

from thucchat.engine.errors import NoResult
from thucchat.engine.papers.reading.sources import open_source
from thucchat.engine.papers.writing.formulas import typst_formulas
from thucchat.engine.papers.writing.typst_paper import TypstPaper, filled, typst_paper

FIXED_TIME = 946684800  # equal papers give equal bytes
MEMORY = Path("/dev/shm")  # noqa: S108  where there is one, no word of a paper touches a disk


def papers_to_pdf(contents: Sequence[bytes], fonts: Sequence[Path] = ()) -> list[bytes]:
    """Each Word file as PDF; formulas they share are converted once. `fonts` are folders of TTF files.

    Raises:
        NoResult: `pdf.opaque` when a paper holds MathType objects or pictures that cannot be drawn.
        InvalidInput: what `open_source` refuses.
    """
    papers = [typst_paper(open_source(content)) for content in contents]
    opaque = max((paper.opaque for paper in papers), default=0)
    if opaque:
        message = f"Đề có {opaque} đối tượng (MathType, WMF) không vẽ được; hãy in từ Word hoặc LibreOffice."
        raise NoResult("pdf.opaque", message, count=opaque)
    formulas = typst_formulas(formula for paper in papers for formula in paper.formulas)
    families = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(one) for one in fonts]
    )
    return [_compiled(paper, formulas, families) for paper in papers]


def _compiled(paper: TypstPaper, formulas: dict[str, str | None], fonts: typst.Fonts) -> bytes:
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        root = Path(folder)
        for name, content in paper.pictures.items():
            (root / name).write_bytes(content)
        try:
            return _compile(root, filled(paper, formulas), fonts)
        except typst.TypstError:
            # One formula that Typst refuses must not cost the whole paper: it is printed as LaTeX.
            refused = [
                each
                for each in paper.formulas
                if formulas.get(each) and not _stands(root, formulas[each], fonts)
            ]
            formulas.update(dict.fromkeys(refused))
            return _compile(root, filled(paper, formulas), fonts)


def _stands(root: Path, formula: str | None, fonts: typst.Fonts) -> bool:
    try:
        _compile(root, formula or "", fonts)
    except typst.TypstError:
        return False
    return True


def _compile(root: Path, source: str, fonts: typst.Fonts) -> bytes:
    main = root / "main.typ"
    main.write_text(source, encoding="utf-8")
    compiler = typst.Compiler(str(main), root=str(root), font_paths=fonts, ignore_system_fonts=True)
    made = compiler.compile(format="pdf", timestamp=FIXED_TIME, pdf_tags=False)
    return made if isinstance(made, bytes) else b"".join(made or [])
