"""Small builders of WordprocessingML for the tests: runs, paragraphs, tables, boxes, equations."""

import struct
import zlib
from html import escape

LOOKS = {
    "b": "<w:b/>",
    "i": "<w:i/>",
    "u": '<w:u w:val="single"/>',
    "red": '<w:color w:val="FF0000"/>',
    "blue": '<w:color w:val="0000FF"/>',
    "yellow": '<w:highlight w:val="yellow"/>',
    "sup": '<w:vertAlign w:val="superscript"/>',
    "sub": '<w:vertAlign w:val="subscript"/>',
    "hidden": "<w:vanish/>",
}


def r(text: str, *looks: str, font: str = "") -> str:
    """A run; a tab and a line feed in the text become their elements."""
    inside = escape(text, quote=False)
    for sign, element in (("\t", "<w:tab/>"), ("\n", "<w:br/>")):
        inside = inside.replace(sign, f'</w:t>{element}<w:t xml:space="preserve">')
    fonts = f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}"/>' if font else ""
    properties = fonts + "".join(LOOKS[look] for look in looks)
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{inside}</w:t></w:r>'


def p(*runs: str, numbered: tuple[int, int] | None = None, mark: str = "") -> str:
    """A paragraph; plain strings become runs. `numbered` is (list, level), `mark` the look of the number."""
    inside = "".join(run if run.startswith("<") else r(run) for run in runs)
    number = (
        f'<w:numPr><w:ilvl w:val="{numbered[1]}"/><w:numId w:val="{numbered[0]}"/></w:numPr>'
        if numbered
        else ""
    )
    marked = f"<w:rPr>{LOOKS[mark]}</w:rPr>" if mark else ""
    return f"<w:p><w:pPr>{number}{marked}</w:pPr>{inside}</w:p>"


def lines(text: str) -> str:
    """One paragraph a line."""
    return "".join(p(line) for line in text.strip("\n").split("\n"))


def table(*rows: list[str]) -> str:
    """A table; cells that are no XML become a paragraph."""
    body = ""
    for row in rows:
        cells = (cell if cell.startswith("<") else p(cell) for cell in row)
        body += "<w:tr>" + "".join(f"<w:tc><w:tcPr/>{cell}</w:tc>" for cell in cells) + "</w:tr>"
    grid = "".join('<w:gridCol w:w="2000"/>' for _ in rows[0])
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        f"{body}</w:tbl>"
    )


def box(*paragraphs: str) -> str:
    """A run with a text box, written twice as Word writes it."""
    inside = "".join(paragraphs)
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline><wp:extent '
        'cx="4000000" cy="900000"/>'
        '<wp:docPr id="9" name="Text Box"/><a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/'
        f'wordprocessingShape"><wps:wsp><wps:cNvSpPr/><wps:spPr/><wps:txbx><w:txbxContent>{inside}</w:txbxContent></wps:txbx>'
        "<wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape>"
        f"<v:textbox><w:txbxContent>{inside}</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def mr(text: str, properties: str = "") -> str:
    """A run of a formula."""
    return f"<m:r>{properties}<m:t>{escape(text)}</m:t></m:r>"


def omath(inside: str) -> str:
    """An inline formula."""
    return f"<m:oMath>{inside}</m:oMath>"


def fraction(above: str, below: str) -> str:
    """A fraction of two texts."""
    return f"<m:f><m:num>{mr(above)}</m:num><m:den>{mr(below)}</m:den></m:f>"


def picture(link: str) -> str:
    """A run with a picture of 1 cm."""
    return (
        '<w:r><w:drawing><wp:inline><wp:extent cx="360000" cy="360000"/><wp:docPr id="1" '
        'name="Picture"/><a:graphic>'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
        '<pic:cNvPr id="1" name="p"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
        f'<a:blip r:embed="{link}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr>'
        f'<a:xfrm><a:off x="0" y="0"/>'
        '<a:ext cx="360000" cy="360000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        "</pic:spPr></pic:pic>"
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def mathtype(preview: str, ole: str) -> str:
    """A run with a MathType object and its preview picture."""
    return (
        '<w:r><w:object w:dxaOrig="720" w:dyaOrig="620"><v:shape id="_x0000_i1025" style="width:36pt;'
        'height:31pt">'
        f'<v:imagedata r:id="{preview}"/></v:shape><o:OLEObject Type="Embed" ProgID="Equation.DSMT4" '
        f'ShapeID="_x0000_i1025" DrawAspect="Content" ObjectID="_1" r:id="{ole}"/></w:object></w:r>'
    )


def png(red: int, green: int, blue: int) -> bytes:
    """A picture of one coloured point."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes([0, red, green, blue]))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def level(depth: int, text: str, form: str = "decimal") -> str:
    """One level of a list."""
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText '
        f'w:val="{text}"/></w:lvl>'
    )


def numbering(abstract: dict[int, list[str]], lists: dict[int, tuple[int, int | None]]) -> str:
    """Lists: levels by abstract list; by list its abstract and, if it starts again, at what number."""
    text = "".join(
        f'<w:abstractNum w:abstractNumId="{n}">{"".join(each)}</w:abstractNum>'
        for n, each in abstract.items()
    )
    for number, (base, start) in lists.items():
        again = (
            f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{start}"/></w:lvlOverride>' if start else ""
        )
        text += f'<w:num w:numId="{number}"><w:abstractNumId w:val="{base}"/>{again}</w:num>'
    return text
