"""A Word file made from nothing: a body, pictures, and lists, in the plain look of school papers."""

from collections.abc import Mapping
from html import escape

from thucchat.engine.papers.reading.names import MATH, OFFICE, RELATION, VML, WORD
from thucchat.engine.papers.writing.archive import packed

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
SPACES = (
    f'xmlns:w="{WORD}" xmlns:m="{MATH}" xmlns:r="{RELATION}" xmlns:o="{OFFICE}" xmlns:v="{VML}"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
# A4; margins 2 cm, as papers are usually set. Twentieths of a point.
PAGE = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" '
    'w:footer="567" w:gutter="0"/></w:sectPr>'
)
FONT = "Times New Roman"
STYLES = (
    f'{DECLARATION}<w:styles xmlns:w="{WORD}"><w:docDefaults><w:rPrDefault><w:rPr>'
    f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:eastAsia="{FONT}" w:cs="{FONT}"/><w:sz '
    f'w:val="24"/><w:szCs w:val="24"/>'
    '<w:lang w:val="vi-VN"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="60"/>'
    "</w:pPr></w:pPrDefault>"
    '</w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name '
    'w:val="Normal"/></w:style>'
    "</w:styles>"
)
EXTENSIONS = {
    "rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml",
    "png": "image/png", "jpeg": "image/jpeg", "jpg": "image/jpeg", "wmf": "image/x-wmf", "emf": "image/x-emf",
    "bin": "application/vnd.openxmlformats-officedocument.oleObject",
}  # fmt: skip


def new_file(
    body: str, media: Mapping[str, tuple[str, str, bytes]] | None = None, numbering: str = ""
) -> bytes:
    """A Word file whose body holds the given WordprocessingML.

    `media` gives, by relationship id, the kind (image, oleObject …), the target under `word/`, and the bytes;
    `numbering` is the inside of a numbering part.
    """
    media = dict(media or {})
    parts = {
        "[Content_Types].xml": _types(media, numbering).encode(),
        "_rels/.rels": _relations({"rId1": ("officeDocument", "word/document.xml")}).encode(),
        "word/document.xml": _document(body).encode(),
        "word/styles.xml": STYLES.encode(),
    }
    links = {name: (kind, target) for name, (kind, target, _) in media.items()} | {
        "rIdStyles": ("styles", "styles.xml")
    }
    if numbering:
        links["rIdNumbering"] = ("numbering", "numbering.xml")
        parts["word/numbering.xml"] = (
            f'{DECLARATION}<w:numbering xmlns:w="{WORD}">{numbering}</w:numbering>'.encode()
        )
    parts["word/_rels/document.xml.rels"] = _relations(links).encode()
    return packed(parts | {f"word/{target}": content for _, target, content in media.values()})


def _document(body: str) -> str:
    return f"{DECLARATION}<w:document {SPACES}><w:body>{body}{PAGE}</w:body></w:document>"


def _types(media: Mapping[str, tuple[str, str, bytes]], numbering: str) -> str:
    defaults = "".join(
        f'<Default Extension="{end}" ContentType="{kind}"/>' for end, kind in EXTENSIONS.items()
    )
    named = {"document": "document.main", "styles": "styles"} | (
        {"numbering": "numbering"} if numbering else {}
    )
    named |= {
        target.removesuffix(".xml"): kind for kind, target, _ in media.values() if target.endswith(".xml")
    }
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{TYPE}.{kind}+xml"/>'
        for name, kind in named.items()
    )
    return f'{DECLARATION}<Types xmlns="{PACKAGE}/content-types">{defaults}{overrides}</Types>'


def _relations(links: Mapping[str, tuple[str, str]]) -> str:
    lines = "".join(
        f'<Relationship Id="{name}" Type="{RELATION}/{kind}" Target="{escape(target)}"/>'
        for name, (kind, target) in links.items()
    )
    return f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">{lines}</Relationships>'
