"""Items as fragments of Word that stand on their own: their blocks, and the parts those blocks refer to.

This is the canonical form of an item in a bank. Equations, objects and pictures are kept byte for byte;
numbers of lists are written out and named styles are dropped: both belong to the file the item came from.
"""

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from html import escape

from lxml import etree

from thucchat.engine.papers.model import Kind, Question
from thucchat.engine.papers.reading.flow import Flow
from thucchat.engine.papers.reading.names import PPR, RPR, XML_SPACE, Element, P, R, T, w
from thucchat.engine.papers.reading.package import Package
from thucchat.engine.papers.reading.reader import read_source
from thucchat.engine.papers.reading.sources import open_source
from thucchat.engine.papers.writing.canonical import Canonical
from thucchat.engine.papers.writing.cutting import remove_stretch
from thucchat.engine.papers.writing.isolate import canonical_of
from thucchat.engine.papers.writing.new_file import new_file
from thucchat.engine.papers.writing.word_paper import TITLES

ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}
LINK = re.compile(rb'(\br:[A-Za-z]+=")([^"]+)(")')


@dataclass(frozen=True, slots=True)
class Linked:
    """A part that a fragment refers to."""

    link: str  # relationship id inside the fragment
    kind: str  # image, oleObject …
    name: str  # file name
    content: bytes


@dataclass(frozen=True, slots=True)
class Fragment:
    """One item."""

    question: Question
    lead: tuple[bytes, ...]  # blocks of its shared stem, as XML with their namespaces
    blocks: tuple[bytes, ...]  # its own blocks, without its number
    linked: tuple[Linked, ...]


def fragments_of(content: bytes) -> list[Fragment]:
    """The items of a Word paper, keys and solutions taken out of their blocks.

    Raises:
        InvalidInput: what `open_source` refuses.
        NoResult: what `canonical_of` cannot do.
    """
    reading = read_source(open_source(content))
    canonical = canonical_of(reading)
    flow = reading.source.flow
    for laid in reading.laid.questions:
        begin = laid.lead[1] if laid.lead else laid.start
        remove_stretch(flow, begin, laid.stem[0])
    _write_labels_out(flow, {laid.start for laid in reading.laid.questions})
    return _fragments(canonical, reading.source.package)


def _write_labels_out(flow: Flow, questions: set[int]) -> None:
    for piece in flow.pieces:
        paragraph = piece.paragraph
        if piece.kind != "label" or paragraph is None:
            continue
        numbered = paragraph.find(f"{PPR}/{w('numPr')}")
        if numbered is not None:
            numbered.getparent().remove(numbered)
        if piece.start not in questions:
            paragraph.insert(0 if paragraph.find(PPR) is None else 1, _label_run(paragraph, piece.text))


def _label_run(paragraph: Element, text: str) -> Element:
    run = paragraph.makeelement(R)
    look = paragraph.find(f"{PPR}/{RPR}")
    if look is not None:
        run.append(deepcopy(look))
    node = etree.SubElement(run, T)
    node.text = text
    node.set(XML_SPACE, "preserve")
    return run


def _fragments(canonical: Canonical, package: Package) -> list[Fragment]:
    found = []
    for unit in (unit for stretch in canonical.stretches for unit in stretch.units):
        for item in unit.items:
            lead = tuple(map(_alone, unit.lead))
            blocks = tuple(_alone(block) for block in item.blocks if block.getparent() is not None)
            found.append(Fragment(item.question, lead, blocks, _linked(package, (*lead, *blocks))))
    return found


def _alone(block: Element) -> bytes:
    copy = deepcopy(block)
    for name in ("pStyle", "rStyle", "tblStyle"):
        for style in list(copy.iter(w(name))):
            style.getparent().remove(style)
    return etree.tostring(copy, with_tail=False)


def _linked(package: Package, blocks: Sequence[bytes]) -> tuple[Linked, ...]:
    links = dict.fromkeys(match[2].decode() for block in blocks for match in LINK.finditer(block))
    found = []
    for link in links:
        relation = package.relations.get(link)
        if relation is not None and not relation.outside and relation.target in package.parts:
            name = relation.target.rpartition("/")[2]
            found.append(Linked(link, relation.kind, name, package.parts[relation.target]))
    return tuple(found)


def composed(fragments: Sequence[Fragment], heading: str = "") -> bytes:
    """A Word paper of these items in this order, numbered from 1; they may come from different files.

    Where kinds differ, each run of one kind becomes a part with its heading: without it, statements would
    read as options.
    """
    body = "".join(_centred(line) for line in heading.split("\n") if line)
    kinds = [fragment.question.type for fragment in fragments]
    openings = dict(_parts(kinds)) if len(set(kinds)) > 1 else {}
    media: dict[str, tuple[str, str, bytes]] = {}
    before: tuple[bytes, ...] = ()
    for number, fragment in enumerate(fragments, 1):
        body += openings.get(number, "")
        names = {each.link: f"i{number}{each.link}" for each in fragment.linked}
        for each in fragment.linked:
            folder = "media" if each.kind == "image" else "embeddings"
            media[names[each.link]] = (each.kind, f"{folder}/i{number}-{each.name}", each.content)
        if fragment.lead != before:
            body += "".join(_renamed(block, names) for block in fragment.lead)
        before = fragment.lead
        body += "".join(_numbered([_renamed(block, names) for block in fragment.blocks], number))
    return new_file(body, media)


def _parts(kinds: Sequence[Kind]) -> Iterator[tuple[int, str]]:
    """The number of each part's first question, and the heading before it."""
    part = 0
    for number, (kind, before) in enumerate(zip(kinds, (None, *kinds), strict=False), 1):
        if kind != before:
            part += 1
            yield number, f"<w:p>{_bold(f'PHẦN {ROMAN.get(part, part)}. {TITLES[kind]}')}</w:p>"


def _renamed(block: bytes, names: dict[str, str]) -> str:
    def rename(match: re.Match[bytes]) -> bytes:
        name = match[2].decode()
        return match[1] + names.get(name, name).encode() + match[3]

    return LINK.sub(rename, block).decode()


def _numbered(blocks: list[str], number: int) -> list[str]:
    """The number at the head of the first paragraph, or in one of its own before a table."""
    root = etree.fromstring(blocks[0]) if blocks else None
    run = f'<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">Câu {number}. </w:t></w:r>'
    if root is None or root.tag != P:
        return [f"<w:p>{run}</w:p>", *blocks]
    made = etree.fromstring(f'<w:x xmlns:w="{w("")[1:-1]}">{run}</w:x>')[0]
    root.insert(0 if root.find(PPR) is None else 1, made)
    return [etree.tostring(root, encoding="unicode"), *blocks[1:]]


def _centred(line: str) -> str:
    return f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr>{_bold(line)}</w:p>'


def _bold(text: str) -> str:
    return f"<w:r><w:rPr><w:b/></w:rPr><w:t>{escape(text, quote=False)}</w:t></w:r>"
