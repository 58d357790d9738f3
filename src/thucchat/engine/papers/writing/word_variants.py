"""Variants of a paper as Word files: the original's blocks in another order, everything else untouched.

Only the order of blocks and of option contents changes, and the printed numbers and code. Equations, objects,
pictures, styles, headers and relationships are the original's own.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy

from lxml import etree

from thucchat.engine.papers.reading.names import PACKAGE_RELATION, PPR, VAL, Element, P, T, w
from thucchat.engine.papers.reading.package import Package, parse_xml
from thucchat.engine.papers.reading.reader import Reading
from thucchat.engine.papers.variants import PaperShape, UnitShape, Variant
from thucchat.engine.papers.writing.archive import packed
from thucchat.engine.papers.writing.canonical import Canonical, Item, Stretch, Unit
from thucchat.engine.papers.writing.numbers import CODE_PLACE, FIRST, LAST, set_text
from thucchat.engine.papers.writing.slots import blocks_in_order, fill

TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
WORD_DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
# Remarks may name the key; macros are not handed on; thumbnails show the original's first page.
LEFT_OUT = re.compile(r"vbaProject|vbaData|(?:^|/)comments\w*\.xml$|people\.xml$|thumbnail", re.IGNORECASE)


def shape_of(canonical: Canonical, *, statements: bool = False) -> PaperShape:
    """What planning needs to know. With `statements`, those of true/false questions are shuffled too."""
    items = canonical.items
    turn = {id(item): place for place, item in enumerate(items)}
    stretches = tuple(_stretch_shape(stretch, turn) for stretch in canonical.stretches)
    options = tuple(len(item.slots) if _shuffles(item, statements=statements) else 0 for item in items)
    return PaperShape(stretches, options, tuple(map(_key_place, items)))


def _stretch_shape(stretch: Stretch, turn: Mapping[int, int]) -> tuple[UnitShape, ...]:
    """Units of a stretch; essay questions keep their order, which is that of their difficulty."""
    if any(item.question.type == "essay" for unit in stretch.units for item in unit.items):
        return (
            UnitShape(tuple(turn[id(item)] for unit in stretch.units for item in unit.items), ordered=True),
        )
    return tuple(
        UnitShape(tuple(turn[id(item)] for item in unit.items), unit.ordered) for unit in stretch.units
    )


def _shuffles(item: Item, *, statements: bool) -> bool:
    if item.question.type == "true_false":
        return (
            statements and len(item.slots) > 1 and all(slot.inline and not slot.blocks for slot in item.slots)
        )
    return item.fixed is None


def _key_place(item: Item) -> int | None:
    if item.question.type != "choice" or item.question.key is None:
        return None
    return list(item.question.options).index(item.question.key)


def word_variants(reading: Reading, canonical: Canonical, variants: Sequence[Variant]) -> Iterator[bytes]:
    """The Word file of each variant, in turn. The tree is left in the order of the last one."""
    package = reading.source.package
    fixed = _other_parts(package)
    body = reading.source.body
    places = [item.numbered for item in canonical.items]
    for variant in variants:
        _arrange(body, canonical, variant, places)
        added = _write_code(reading, canonical, variant.code)
        document = etree.tostring(
            reading.source.root, xml_declaration=True, encoding="UTF-8", standalone=True
        )
        headers = _headers_with_code(package, fixed, variant.code)
        yield packed({**fixed, **headers, package.document: document})
        if added is not None:
            body.remove(added)


def _arrange(body: Element, canonical: Canonical, variant: Variant, places: list[Element | None]) -> None:
    items = canonical.items
    _place_automatic_numbers(items, variant, places)
    for place, question in enumerate(variant.questions):
        item = items[question]
        set_text(item.digits, str(canonical.numbers[place]))
        if variant.options[question]:
            fill(item.slots, variant.options[question])
    _reorder(body, _blocks_in_order(canonical, variant))
    numbers = {question: canonical.numbers[place] for place, question in enumerate(variant.questions)}
    turn = {id(item): place for place, item in enumerate(items)}
    for unit in (unit for stretch in canonical.stretches for unit in stretch.units):
        _write_references(unit, {item.question.number: numbers[turn[id(item)]] for item in unit.items})


def _place_automatic_numbers(items: list[Item], variant: Variant, places: list[Element | None]) -> None:
    """A list's number belongs to the position, or lists that restart would count the wrong paragraph."""
    holders = [item.numbered.getparent() if item.numbered is not None else None for item in items]
    if not any(holder is not None for holder in holders):
        return
    for item in items:
        if item.numbered is not None and item.numbered.getparent() is not None:
            item.numbered.getparent().remove(item.numbered)
    for place, question in enumerate(variant.questions):
        holder, numbered = holders[question], places[place]
        if holder is not None and numbered is not None:
            holder.insert(_place_in_properties(holder), numbered)
            items[question].numbered = numbered


def _place_in_properties(properties: Element) -> int:
    """`w:numPr` stands behind these few, by the schema's order."""
    early = {
        w(name) for name in ("pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl")
    }
    return sum(child.tag in early for child in properties)


def _blocks_in_order(canonical: Canonical, variant: Variant) -> list[Element]:
    items = canonical.items
    unit_of = {
        id(item): unit for stretch in canonical.stretches for unit in stretch.units for item in unit.items
    }
    order = iter(variant.questions)
    blocks: list[Element] = []
    for stretch in canonical.stretches:
        blocks += stretch.before
        before: Unit | None = None
        for _ in range(sum(len(unit.items) for unit in stretch.units)):
            question = next(order)
            item = items[question]
            unit = unit_of[id(item)]
            if unit is not before:
                blocks += unit.lead
            options = variant.options[question]
            blocks += blocks_in_order(item.blocks, item.slots, options) if options else item.blocks
            before = unit
    return blocks + canonical.tail


def _reorder(body: Element, blocks: list[Element]) -> None:
    body[:] = blocks


def _write_references(unit: Unit, numbers: Mapping[int, int]) -> None:
    for reference in unit.references:
        if reference.number == FIRST:
            reference.node.text = str(min(numbers.values()))
        elif reference.number == LAST:
            reference.node.text = str(max(numbers.values()))
        else:
            reference.node.text = str(numbers[reference.number])


def _write_code(reading: Reading, canonical: Canonical, code: str) -> Element | None:
    """Print the code where the paper prints one; else in a line of its own on top, which is returned."""
    set_text(canonical.codes, code)
    if canonical.codes or any(
        map(_prints_code, _header_names(reading.source.package, reading.source.package.parts).values())
    ):
        return None
    paragraph = _code_paragraph(reading.source.body, code)
    reading.source.body.insert(0, paragraph)
    return paragraph


def _code_paragraph(body: Element, code: str) -> Element:
    paragraph = body.makeelement(P)
    properties = etree.SubElement(paragraph, PPR)
    etree.SubElement(properties, w("jc")).set(VAL, "right")
    run = etree.SubElement(paragraph, w("r"))
    look = etree.SubElement(run, w("rPr"))
    font = next(body.iter(w("rFonts")), None)
    if font is not None:
        look.append(deepcopy(font))
    etree.SubElement(look, w("b"))
    etree.SubElement(run, T).text = f"Mã đề: {code}"
    return paragraph


def _header_names(package: Package, parts: Mapping[str, bytes]) -> dict[str, bytes]:
    names = [
        relation.target for relation in package.relations.values() if relation.kind in {"header", "footer"}
    ]
    return {name: parts[name] for name in names if name in parts}


def _prints_code(content: bytes) -> bool:
    root = parse_xml(content, "header")
    return any(CODE_PLACE.search(_text(paragraph)) for paragraph in root.iter(P))


def _text(paragraph: Element) -> str:
    return "".join(node.text or "" for node in paragraph.iter(T))


def _headers_with_code(package: Package, parts: Mapping[str, bytes], code: str) -> dict[str, bytes]:
    changed = {}
    for name, content in _header_names(package, parts).items():
        root = parse_xml(content, name)
        hits = [(paragraph, CODE_PLACE.search(_text(paragraph))) for paragraph in root.iter(P)]
        found = [(paragraph, match) for paragraph, match in hits if match]
        for paragraph, match in found:
            _replace_text(paragraph, match.span(1), code)
        if found:
            changed[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return changed


def _replace_text(paragraph: Element, span: tuple[int, int], text: str) -> None:
    """Replace characters of a paragraph whose text may be spread over several runs."""
    place, written = 0, False
    for node in paragraph.iter(T):
        typed = node.text or ""
        start, end = max(span[0] - place, 0), min(span[1] - place, len(typed))
        place += len(typed)
        if start < end:
            node.text = typed[:start] + ("" if written else text) + typed[end:]
            written = True


def _other_parts(package: Package) -> dict[str, bytes]:
    """All parts but those that are not handed on, with their entries taken out of the lists."""
    gone = {name for name in package.parts if LEFT_OUT.search(name)}
    kept = {name: content for name, content in package.parts.items() if name not in gone}
    for name in [name for name in kept if name.endswith(".rels")]:
        kept[name] = _without_relations(kept[name], gone)
    types = parse_xml(kept["[Content_Types].xml"], "[Content_Types].xml")
    for entry in list(types):
        part = entry.get("PartName", "").lstrip("/")
        if part in gone:
            types.remove(entry)
        elif part == package.document:
            entry.set("ContentType", WORD_DOCUMENT)
    kept["[Content_Types].xml"] = etree.tostring(
        types, xml_declaration=True, encoding="UTF-8", standalone=True
    )
    return kept


def _without_relations(content: bytes, gone: set[str]) -> bytes:
    if not gone and b"External" not in content:
        return content
    root = parse_xml(content, "_rels")
    names = {name.rpartition("/")[2] for name in gone}
    for line in list(root.iter(f"{{{PACKAGE_RELATION}}}Relationship")):
        kind = line.get("Type", "").rpartition("/")[2]
        outside = line.get("TargetMode") == "External" and kind == "attachedTemplate"
        if line.get("Target", "").rpartition("/")[2] in names or outside:
            root.remove(line)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
