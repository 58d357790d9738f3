"""A Word paper opened for reading: its parts, its plain tree, its flow."""

from collections.abc import Mapping
from dataclasses import dataclass

from thucchat.engine.errors import InvalidInput
from thucchat.engine.papers.reading.bank_table import BankRow, rows_of_bank
from thucchat.engine.papers.reading.flow import Flow, FlowWriter
from thucchat.engine.papers.reading.looks import Styles
from thucchat.engine.papers.reading.names import TBL, Element, w
from thucchat.engine.papers.reading.normal import normalise
from thucchat.engine.papers.reading.numbering import Numbering
from thucchat.engine.papers.reading.package import Package, open_package, parse_xml


@dataclass(slots=True)
class Source:
    """One opened file. The tree may be changed by whoever writes variants; open again for a fresh one."""

    package: Package
    root: Element
    body: Element
    flow: Flow
    banks: Mapping[Element, list[BankRow]]  # bank tables with their rows


def open_source(content: bytes) -> Source:
    """Open a Word file.

    Raises:
        InvalidInput: what `open_package` and `parse_xml` refuse, and `paper.corrupt` without a body.
    """
    package = open_package(content)
    root = parse_xml(package.parts[package.document], package.document)
    body = root.find(w("body"))
    if body is None:
        raise InvalidInput("paper.corrupt", "Tài liệu Word không có nội dung; hãy mở bằng Word rồi lưu lại.")
    normalise(body)
    return Source(package, root, body, *_flow_of(package, body))


def _flow_of(package: Package, body: Element) -> tuple[Flow, dict[Element, list[BankRow]]]:
    banks = {table: rows for table in body.findall(TBL) if (rows := rows_of_bank(table)) is not None}
    styles = Styles(related_part(package, "styles"))
    numbering = Numbering(related_part(package, "numbering"), styles)
    return FlowWriter(styles, numbering, banks).write(body), banks


def related_part(package: Package, kind: str) -> Element | None:
    """The part of that kind beside the main one; none when there is none or it cannot be read."""
    for relation in package.relations.values():
        if relation.kind == kind and relation.target in package.parts:
            return parse_xml(package.parts[relation.target], relation.target)
    return None
