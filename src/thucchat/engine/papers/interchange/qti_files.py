"""What is in a QTI package: items, tests and shared contexts by name, in the order the manifest gives."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from thucchat.engine.errors import InvalidInput
from thucchat.engine.papers.interchange.doubts import flag
from thucchat.engine.papers.interchange.formulas_in import settle_formulas
from thucchat.engine.papers.interchange.qti_names import normalised
from thucchat.engine.papers.interchange.qti_rules import Fault, faults
from thucchat.engine.papers.interchange.safe_xml import opened, parsed
from thucchat.engine.papers.model import Flag
from thucchat.engine.papers.reading.names import Element

MANIFEST = "imsmanifest.xml"
QTI_KIND = re.compile(
    r"imsqti_(item|test|stimulus|assessment|section)|associatedcontent.*learning-application"
)
NUMBERS = re.compile(r"(\d+)")
DANGEROUS = ("interchange.entities", "interchange.too_big")
ITEM, TEST, STIMULUS = "assessmentItem", "assessmentTest", "assessmentStimulus"


@dataclass(frozen=True, slots=True)
class QtiFile:
    """One file with bare names, formulas settled."""

    name: str  # in the package
    root: Element
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class QtiFiles:
    """All files of a package that are QTI."""

    files: Mapping[str, QtiFile]  # by name
    flags: tuple[Flag, ...]
    equations: int

    def of(self, root_name: str) -> tuple[QtiFile, ...]:
        """The files of one kind, in order."""
        return tuple(file for file in self.files.values() if file.root.tag == root_name)


def inside(base: str, address: str) -> str:
    """The part name that an address means in the file `base`."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(address.strip())))


def files_of(content: bytes, name: str) -> QtiFiles:
    """The QTI files of a zip, or the one XML file that `content` is.

    Raises:
        InvalidInput: what `safe_xml` and `qti_names.normalised` refuse; `qti.items` when no item is inside.
    """
    if not content.startswith(b"PK"):
        root = normalised(parsed(content, name), name)
        return _settled([(name, root)], [])
    parts = opened(content)
    flags: list[Flag] = []
    trees, refusals = [], []
    listed = _listed(parts, flags)
    for part in _in_order(parts, listed):
        try:
            trees.append((part, normalised(parsed(parts[part], part), part)))
        except InvalidInput as refusal:
            if refusal.code in DANGEROUS:
                raise
            refusals.append(refusal)
            if part in listed:
                flags.append(
                    flag("file.unread", f"Không đọc được một tệp trong gói: {refusal.message}", part)
                )
    if not any(root.tag == ITEM for _, root in trees):
        told = next(iter(refusals), None)
        raise told or InvalidInput("qti.items", "Gói nén không có câu hỏi QTI 2.x hay 3.0 nào bên trong.")
    return _settled(trees, flags)


def _settled(trees: list[tuple[str, Element]], flags: list[Flag]) -> QtiFiles:
    checked = [(name, root, faults(root)) for name, root in trees]
    equations = settle_formulas(root for _, root in trees)
    return QtiFiles(
        {name: QtiFile(name, root, found) for name, root, found in checked}, tuple(flags), equations
    )


def _in_order(parts: Mapping[str, bytes], listed: list[str]) -> Iterator[str]:
    yield from (name for name in listed if name in parts)
    rest = [name for name in parts if name.lower().endswith(".xml") and name not in listed]
    yield from sorted((name for name in rest if not name.endswith(MANIFEST)), key=_natural)


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(piece[:9]), "") if piece.isdecimal() else (-1, piece) for piece in NUMBERS.split(name)]


def _listed(parts: Mapping[str, bytes], flags: list[Flag]) -> list[str]:
    """The QTI files the manifest names; doubts about it are added to `flags`."""
    places = sorted((name for name in parts if posixpath.basename(name) == MANIFEST), key=len)
    if not places:
        message = "Gói không có imsmanifest.xml; các câu được xếp theo tên tệp."
        flags.append(flag("file.manifest", message))
        return []
    found = []
    for resource in parsed(parts[places[0]], places[0]).iter("{*}resource"):
        address = resource.get("href", "")
        if not QTI_KIND.search(resource.get("type", "")) or not address:
            continue
        name = inside(places[0], address)
        if name in parts:
            found.append(name)
        else:
            flags.append(flag("file.missing", f"Gói thiếu tệp “{name[:80]}” mà bản kê có nêu.", name))
    return list(dict.fromkeys(found))
