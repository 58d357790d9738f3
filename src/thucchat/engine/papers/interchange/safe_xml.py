"""XML from strangers: no entity is kept, nothing is loaded, and what is wrong is told with its line."""

import re
import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from lxml import etree

from thucchat.engine.errors import InvalidInput
from thucchat.engine.papers.reading.names import Element
from thucchat.engine.papers.unpacking import MAX_FILE, unpacked
from thucchat.engine.vietnamese import vi_number

ENCODING = re.compile(r"encoding|not proper UTF-8|invalid.*byte|conver", re.IGNORECASE)
EXPLOSION = re.compile(r"amplification|entity reference loop|excessive depth in entity", re.IGNORECASE)
# Every element would repeat the name: a small file becomes a large one.
LONG_NAMESPACE = re.compile(rb"xmlns(?::[^\s=]{1,99})?\s{0,9}=\s{0,9}(?:\"[^\"]{500}|'[^']{500})")
DRIVE = re.compile(r"^[A-Za-z]:")


def parsed(content: bytes, name: str) -> Element:
    """The root of an XML file.

    Raises:
        InvalidInput: `interchange.too_big`, `interchange.entities`, `interchange.encoding`,
            `interchange.xml`.
    """
    if len(content) > MAX_FILE:
        size = vi_number(len(content) / 2**20, 1)
        raise InvalidInput(
            "interchange.too_big", f"“{name}” {size} MB vượt giới hạn {MAX_FILE // 2**20} MB; hãy chia nhỏ."
        )
    if LONG_NAMESPACE.search(content.replace(b"\0", b"")):  # in UTF-16 every other byte is zero
        raise InvalidInput("interchange.xml", f"“{name}” có tên không gian XML dài bất thường: không mở.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, LookupError) as error:
        raise _refusal(error, name) from error
    declared: Any = root.getroottree().docinfo.internalDTD
    if declared is not None and list(declared.entities()):
        raise InvalidInput(
            "interchange.entities", f"“{name}” khai báo thực thể XML: không mở vì an toàn; hãy xuất lại tệp."
        )
    return root


def _refusal(error: Exception, name: str) -> InvalidInput:
    line = getattr(error, "lineno", None) or 1
    told = getattr(error, "msg", None) or str(error)
    if EXPLOSION.search(told):
        return InvalidInput(
            "interchange.entities", f"“{name}” khai báo thực thể XML: không mở vì an toàn; hãy xuất lại tệp."
        )
    if ENCODING.search(told):
        message = f"“{name}” sai bảng mã ở dòng {line}; hãy lưu lại bằng UTF-8."
        return InvalidInput("interchange.encoding", message)
    return InvalidInput("interchange.xml", f"“{name}” hỏng ở dòng {line}: {told}; hãy xuất lại tệp.")


def opened(content: bytes) -> Mapping[str, bytes]:
    """The parts of a zip.

    Raises:
        InvalidInput: what `unpacked` refuses, and `interchange.path` for a name that leaves the package.
    """
    parts = unpacked(content, name="Gói nén", way_out="hãy xuất lại từ chương trình đã tạo ra nó")
    with zipfile.ZipFile(BytesIO(content)) as archive:
        names = archive.namelist()
    for name in names:
        pieces = name.replace("\\", "/").split("/")
        if ".." in pieces or name.startswith(("/", "\\")) or DRIVE.match(name):
            raise InvalidInput(
                "interchange.path", f"Gói có phần “{name[:80]}” trỏ ra ngoài gói: không mở vì an toàn."
            )
    return parts
