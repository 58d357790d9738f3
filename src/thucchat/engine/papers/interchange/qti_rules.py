"""Checking QTI off-line, by our own rules of the profile we write and read (`qti_profile.xsd`).

The schemas of 1EdTech are not ours to hand on, so these rules are narrower: they know the parts this program
understands, and let everything else pass unseen for the reader to name.
"""

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from itertools import islice

from lxml import etree

from thucchat.engine.papers.reading.names import Element

RULES = ("qti_profile.xsd", "qti_content.xsd")  # the first includes the second
SCHEMA = "{http://www.w3.org/2001/XMLSchema}"
FOREIGN = "{urn:thucchat:foreign}"
QUOTED = re.compile(r"'([^']*)'")
VALUE = re.compile(r"(?:value |sequence \[|: )'([^']*)'")  # as libxml2 words its messages
MOST_FAULTS = 20  # of one file
MOST_ELEMENTS = 20_000  # an item has a few hundred; time grows with the square of the breaches
WORDS = {
    "SCHEMAV_ELEMENT_CONTENT": "phần tử “{element}” thiếu phần bên trong, hoặc đứng sai chỗ",
    "SCHEMAV_CVC_COMPLEX_TYPE_2_3": "phần tử “{element}” có chữ ở chỗ chỉ được có phần tử con",
    "SCHEMAV_CVC_COMPLEX_TYPE_4": "phần tử “{element}” thiếu thuộc tính “{second}”",
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1": "phần tử “{element}” không có thuộc tính “{second}”",
    "SCHEMAV_CVC_PATTERN_VALID": "giá trị “{value}” của “{element}” sai dạng",
    "SCHEMAV_CVC_ENUMERATION_VALID": "giá trị “{value}” của “{element}” không nằm trong danh sách cho phép",
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_1": "giá trị “{value}” của “{element}” sai kiểu",
}
REPEATED = "mã “{value}” ở “{element}” bị trùng"
UNKNOWN = "mã “{value}” ở “{element}” không có nơi nào khai báo"
IDENTITY = "SCHEMAV_CVC_IDC"
OTHER = "phần tử “{element}” không hợp quy tắc QTI"


@dataclass(frozen=True, slots=True)
class Fault:
    """One breach of the rules."""

    line: int  # in the file, from 1
    message: str  # Vietnamese, without the file's name


def faults(root: Element) -> tuple[Fault, ...]:
    """Where a tree with bare names (`qti_names.normalised`) breaks the rules, at most 20 places."""
    schema, known = _rules()
    count = sum(1 for _ in root.iter(etree.Element))
    if count > MOST_ELEMENTS:
        return (Fault(1, f"tệp có {count} phần tử, quá nhiều để kiểm quy tắc"),)
    checked = copy.deepcopy(root)
    for element in checked.iter(etree.Element):
        if element.tag not in known and not element.tag.startswith("{"):
            element.tag = FOREIGN + element.tag
    if schema.validate(checked):
        return ()
    return tuple(dict.fromkeys(islice(_told(schema.error_log), MOST_FAULTS)))


@cache
def _rules() -> tuple[etree.XMLSchema, frozenset[str]]:
    with as_file(files(__package__)) as folder:
        trees = [etree.parse(folder / name) for name in RULES]
        schema = etree.XMLSchema(trees[0])
    known = (element.get("name", "") for tree in trees for element in tree.iter(f"{SCHEMA}element"))
    return schema, frozenset(known)


def _told(log: "etree._ListErrorLog") -> Iterator[Fault]:
    for entry in log:
        names = [name.rpartition("}")[2] for name in QUOTED.findall(entry.message)] + ["", ""]
        value = VALUE.search(entry.message)
        shown = value[1][:60] if value else ""
        if entry.type_name == IDENTITY and not value:
            continue  # follows from another fault of the same identifier
        yield Fault(entry.line, _words(entry).format(element=names[0], second=names[1], value=shown))


def _words(entry: "etree._LogEntry") -> str:
    if entry.type_name == IDENTITY:
        return UNKNOWN if "No match" in entry.message else REPEATED
    return WORDS.get(entry.type_name, OTHER)
