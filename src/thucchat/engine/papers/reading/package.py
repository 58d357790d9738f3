"""The Word file as a zip of parts: opened with limits, refused when it is not what it says it is.

Nothing is fetched or run. Macros and links to the outside are found and named; they are read around.
"""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from thucchat.engine.errors import InvalidInput
from thucchat.engine.papers.reading.names import PACKAGE_RELATION, RELATION, Element
from thucchat.engine.papers.unpacking import unpacked

COMPOUND_FILE = bytes.fromhex("d0cf11e0a1b11ae1")  # old .doc, and every encrypted .docx
OFFICE_DOCUMENT = f"{RELATION}/officeDocument"
STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", RELATION.encode()),
    (b"http://purl.oclc.org/ooxml/drawingml/main", b"http://schemas.openxmlformats.org/drawingml/2006/main"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Relation:
    """One line of a relationships part."""

    target: str  # part name, or the address outside
    kind: str  # last word of the relationship type: image, oleObject, header …
    outside: bool


@dataclass(frozen=True, slots=True)
class Package:
    """The parts of one Word file."""

    parts: Mapping[str, bytes]  # part name without leading slash → content, in the order of the zip
    document: str  # name of the main part
    relations: Mapping[str, Relation]  # of the main part, by id

    @property
    def has_macros(self) -> bool:
        """Whether the file carries a macro project."""
        return any("vbaproject" in name.lower() for name in self.parts)

    @property
    def outside(self) -> tuple[str, ...]:
        """Addresses the file would load from outside when opened; plain hyperlinks are not among them."""
        return tuple(relation.target for relation in self._all_relations() if relation.outside)

    def _all_relations(self) -> list[Relation]:
        named = [name for name in self.parts if name.endswith(".rels")]
        found = [relation for name in named for relation in read_relations(self.parts[name], "").values()]
        return [relation for relation in found if relation.kind != "hyperlink"]


def open_package(content: bytes) -> Package:
    """The parts of a Word file.

    Raises:
        InvalidInput: `paper.empty`, `paper.too_big`, `paper.encrypted`, `paper.old_word`, `paper.not_word`,
            `paper.corrupt`, `paper.bomb`, `paper.entities`.
    """
    _refuse_wrong_kind(content)
    parts = unpacked(content, name="Tệp Word", way_out="hãy mở bằng Word rồi lưu lại")
    document = _main_part(parts)
    folder, name = posixpath.split(document)
    relations = read_relations(parts.get(f"{folder}/_rels/{name}.rels", b""), folder)
    return Package(parts, document, relations)


def _refuse_wrong_kind(content: bytes) -> None:
    if not content:
        raise InvalidInput("paper.empty", "Tệp rỗng; hãy chọn lại tệp đề.")
    if content.startswith(COMPOUND_FILE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise InvalidInput("paper.encrypted", "Tệp Word đặt mật khẩu; hãy gỡ mật khẩu rồi lưu lại.")
        raise InvalidInput("paper.old_word", "Tệp Word đời cũ (.doc); hãy mở bằng Word và lưu thành .docx.")
    if content.startswith(b"{\\rtf"):
        raise InvalidInput("paper.not_word", "Tệp là RTF; hãy mở bằng Word và lưu thành .docx.")
    if not content.startswith(b"PK"):
        raise InvalidInput("paper.not_word", "Tệp không phải là tài liệu Word (.docx).")


def _main_part(parts: Mapping[str, bytes]) -> str:
    roots = read_relations(parts.get("_rels/.rels", b""), "")
    named = [relation.target for relation in roots.values() if relation.kind == "officeDocument"]
    for name in [*named, "word/document.xml"]:
        if name in parts:
            return name
    if "mimetype" in parts or "content.xml" in parts:
        raise InvalidInput("paper.not_word", "Tệp là OpenDocument; hãy lưu thành .docx.")
    raise InvalidInput("paper.not_word", "Tệp nén này không có tài liệu Word bên trong.")


def parse_xml(content: bytes, name: str) -> Element:
    """The root of an XML part; no entity is expanded and nothing is loaded from outside.

    Raises:
        InvalidInput: `paper.entities`, `paper.corrupt`.
    """
    if b"purl.oclc.org" in content:
        for strict, usual in STRICT:
            content = content.replace(strict, usual)
    if re.search(rb"<!(DOCTYPE|ENTITY)", content[:4096], re.IGNORECASE):
        raise InvalidInput("paper.entities", f"Phần “{name}” khai báo thực thể XML: không mở vì an toàn.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise InvalidInput("paper.corrupt", f"Phần “{name}” của tệp Word bị hỏng: {error.msg}.") from error


def read_relations(content: bytes, folder: str) -> dict[str, Relation]:
    """A relationships part, targets as part names seen from `folder`."""
    if not content:
        return {}
    found = {}
    for line in parse_xml(content, "_rels").iter(f"{{{PACKAGE_RELATION}}}Relationship"):
        outside = line.get("TargetMode") == "External"
        target = line.get("Target", "")
        name = target if outside else _part_name(folder, target)
        found[line.get("Id", "")] = Relation(name, line.get("Type", "").rpartition("/")[2], outside)
    return found


def _part_name(folder: str, target: str) -> str:
    if target.startswith("/"):
        return target.lstrip("/")
    return posixpath.normpath(posixpath.join(folder, target))
