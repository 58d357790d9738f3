"""A paper as a QTI content package: a manifest, a test, an item for each question, shared contexts, pictures.

Times and order in the zip are fixed, so the same paper gives the same bytes.
"""

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from lxml import etree

from thucchat.engine.errors import InvalidInput
from thucchat.engine.papers.interchange.doubts import flag
from thucchat.engine.papers.interchange.markup import plain_text
from thucchat.engine.papers.interchange.qti_fit import fitted
from thucchat.engine.papers.interchange.qti_items import FORMULA, SCORE, Setting, item, named, put, stimulus
from thucchat.engine.papers.interchange.qti_names import DIALECTS, Dialect, Version, normalised, spelled
from thucchat.engine.papers.interchange.qti_rules import faults
from thucchat.engine.papers.interchange.safe_xml import parsed
from thucchat.engine.papers.model import Flag, Paper, Question
from thucchat.engine.papers.reading.names import Element
from thucchat.engine.papers.writing.archive import packed
from thucchat.engine.papers.writing.formulas import mathml_formulas

UNTITLED = "Đề không tên"
NO_PART = "Câu hỏi"
POINTS = "POINTS"
TEST = "test.xml"
MANIFEST = "imsmanifest.xml"


@dataclass(frozen=True, slots=True)
class Exported:
    """A package, and what it could not carry."""

    content: bytes  # a zip
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    kind: str  # item, test, stimulus; empty for pictures
    content: bytes
    needs: tuple[str, ...] = ()  # names of other files


@dataclass(frozen=True, slots=True)
class _Job:
    dialect: Dialect
    formulas: Mapping[str, Element | None]  # LaTeX → MathML
    images: Mapping[str, bytes]  # by part name
    stimuli: Mapping[str, str]  # context → identifier of its file


def qti_package(paper: Paper, version: Version, images: Mapping[str, bytes] | None = None) -> Exported:
    """The package of `paper`; `images` holds the pictures its questions name, by part name.

    Raises:
        InvalidInput: `qti.empty` when the paper has no question.
        NoResult: `formulas.pandoc` when formulas cannot be converted at all.
    """
    if not paper.questions:
        raise InvalidInput("qti.empty", "Đề không có câu hỏi nào nên không có gì để xuất.")
    fit = [fitted(question) for question in paper.questions]
    questions = [question for question, _ in fit]
    job = _job(questions, DIALECTS[version], images or {})
    files = [*_written(plain_text(paper.heading).replace("\n", " "), questions, job)]
    flags = [flag for _, found in fit for flag in found]
    flags += [*_formula_flags(job), *_image_flags(questions, job), *_faults(files)]
    manifest = _manifest(files, job.dialect)
    return Exported(packed({MANIFEST: manifest} | {file.name: file.content for file in files}), tuple(flags))


def _job(questions: Sequence[Question], dialect: Dialect, images: Mapping[str, bytes]) -> _Job:
    texts = [
        text
        for question in questions
        for text in (question.stem, question.context, question.solution, *question.options.values())
        if text
    ]
    formulas = mathml_formulas(match[1] for text in texts for match in FORMULA.finditer(text))
    contexts = dict.fromkeys(question.context for question in questions if question.context)
    stimuli = (
        {text: f"S{place}" for place, text in enumerate(contexts, 1)} if dialect.version == "3.0" else {}
    )
    used = sorted({name for question in questions for name in question.images if name in images})
    return _Job(dialect, formulas, {name: images[name] for name in used if _is_inside(name)}, stimuli)


def _is_inside(name: str) -> bool:
    return posixpath.normpath(name) == name and not name.startswith(("/", "..")) and ":" not in name


def _written(heading: str, questions: Sequence[Question], job: _Job) -> Iterator[_File]:
    yield _File(TEST, "test", spelled(_test(heading, questions), job.dialect))
    for text, identifier in job.stimuli.items():
        tree = stimulus(identifier, text, job.formulas)
        yield _File(f"stimuli/{identifier}.xml", "stimulus", spelled(tree, job.dialect))
    for place, question in enumerate(questions, 1):
        own = tuple(name for name in question.images if name in job.images)
        shared = job.stimuli.get(question.context or "")
        address = (shared, f"../stimuli/{shared}.xml") if shared else None
        setting = Setting(job.dialect, job.formulas, f"Q{place}", own, address)
        needs = (*own, f"stimuli/{shared}.xml") if shared else own
        yield _File(f"items/Q{place}.xml", "item", spelled(item(question, setting), job.dialect), needs)
    for name, content in job.images.items():
        yield _File(name, "", content)


def _test(heading: str, questions: Sequence[Question]) -> Element:
    root = named("assessmentTest", "T1", heading or UNTITLED)
    put(root, "outcomeDeclaration", identifier=SCORE, cardinality="single", baseType="float")
    part = put(root, "testPart", identifier="P1", navigationMode="nonlinear", submissionMode="simultaneous")
    places = groupby(enumerate(questions, 1), key=lambda numbered: numbered[1].part)
    for number, (title, group) in enumerate(places, 1):
        section = put(part, "assessmentSection", identifier=f"P1-{number}", title=title or NO_PART)
        section.set("visible", "true" if title else "false")
        for place, question in group:
            line = put(section, "assessmentItemRef", identifier=f"Q{place}", href=f"items/Q{place}.xml")
            if question.points:
                put(line, "weight", identifier=POINTS, value=question.points.replace(",", "."))
    rule = put(put(root, "outcomeProcessing"), "setOutcomeValue", identifier=SCORE)
    put(put(rule, "sum"), "testVariables", variableIdentifier=SCORE, weightIdentifier=POINTS)
    return root


def _manifest(files: Sequence[_File], dialect: Dialect) -> bytes:
    space = dialect.manifest
    spaces: Any = {None: space}  # without prefix
    root = etree.Element(f"{{{space}}}manifest", {"identifier": "M1"}, nsmap=spaces)
    about = etree.SubElement(root, f"{{{space}}}metadata")
    etree.SubElement(about, f"{{{space}}}schema").text = dialect.schema[0]
    etree.SubElement(about, f"{{{space}}}schemaversion").text = dialect.schema[1]
    etree.SubElement(root, f"{{{space}}}organizations")
    resources = etree.SubElement(root, f"{{{space}}}resources")
    places = {file.name: f"R{place}" for place, file in enumerate(files, 1)}
    items = tuple(file.name for file in files if file.kind == "item")
    for file in files:
        kind = dialect.kind.format(file.kind) if file.kind else "webcontent"
        facts = {"identifier": places[file.name], "type": kind, "href": file.name}
        line = etree.SubElement(resources, f"{{{space}}}resource", facts)
        etree.SubElement(line, f"{{{space}}}file", {"href": file.name})
        for name in items if file.kind == "test" else file.needs:
            etree.SubElement(line, f"{{{space}}}dependency", {"identifierref": places[name]})
    text: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return text


def _formula_flags(job: _Job) -> Iterator[Flag]:
    for latex, made in job.formulas.items():
        if made is None:
            yield flag(
                "equation.latex", "Công thức không chuyển được sang MathML, để nguyên chữ LaTeX.", latex
            )


def _image_flags(questions: Sequence[Question], job: _Job) -> Iterator[Flag]:
    for question in questions:
        for name in (name for name in question.images if name not in job.images):
            yield flag(
                "image.missing", f"Câu {question.number}: hình “{name}” không có trong tệp nên bị bỏ.", name
            )


def _faults(files: Sequence[_File]) -> Iterator[Flag]:
    for file in (file for file in files if file.kind):
        for fault in faults(normalised(parsed(file.content, file.name), file.name)):
            yield flag("qti.invalid", f"“{file.name}” dòng {fault.line}: {fault.message}.", file.name)
