"""One question as a QTI item, under bare names; and a shared context as a stimulus.

choice → choiceInteraction; statements → matchInteraction of the statements with “Đúng” and “Sai”; short
answer → textEntryInteraction that takes comma and point; essay → extendedTextInteraction. Four statements are
scored by the ladder of the graduation examination (`measurement.scoring`), others in equal shares.
"""

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from thucchat.engine.measurement.scoring import LADDER
from thucchat.engine.papers.interchange.qti_names import TOOL, Dialect
from thucchat.engine.papers.model import Question
from thucchat.engine.papers.reading.names import Element

FORMULA = re.compile(r"\$(?!\s)([^$\n]+)(?<!\s)\$")
NUMBER = re.compile(r"[-−]?\d+([.,]\d+)?")
CONTEXT_CLASS, GROUP_CLASS, SOLUTION_CLASS = "shared-context", "thucchat-group-", "solution"
RESPONSE, SCORE, RIGHT = "RESPONSE", "SCORE", "RIGHT"
VERDICTS = {"Đ": ("TRUE", "Đúng"), "S": ("FALSE", "Sai")}
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
IMAGES_UP = "../"  # from the folder of items to the top of the package

Formulas = Mapping[str, Element | None]  # LaTeX → MathML; none: stays text


@dataclass(frozen=True, slots=True)
class Setting:
    """What an item needs to know about its package."""

    dialect: Dialect
    formulas: Formulas
    identifier: str
    images: tuple[str, ...]  # part names of the question's pictures that are in the package
    stimulus: tuple[str, str] | None  # identifier and address of the context, where it is a file


def item(question: Question, setting: Setting) -> Element:
    """The tree of a question that is fit for QTI (`qti_fit.fitted`)."""
    root = named("assessmentItem", setting.identifier, f"Câu {question.number}")
    root.set("adaptive", "false")
    root.set("timeDependent", "false")
    _declare_response(root, question)
    _declare_outcomes(root, question)
    if setting.stimulus:
        identifier, address = setting.stimulus
        put(root, "assessmentStimulusRef", identifier=identifier, href=address)
    _body(root, question, setting)
    if question.key is not None and question.type != "essay":
        _scoring(root, question, setting.dialect)
    return root


def stimulus(identifier: str, context: str, formulas: Formulas) -> Element:
    """The tree of what several items share."""
    root = named("assessmentStimulus", identifier, "Ngữ liệu")
    # The division tells a context apart where a converter moves it into the items.
    lines(put(put(root, "stimulusBody"), "div", **{"class": CONTEXT_CLASS}), context, formulas)
    return root


def named(name: str, identifier: str, title: str) -> Element:
    """The root of a file."""
    root = etree.Element(name, identifier=identifier, title=title)
    root.set(LANGUAGE, "vi")
    if name != "assessmentStimulus":
        root.set("toolName", TOOL)
    return root


def put(above: Element, name: str, text: str | None = None, **attributes: str) -> Element:
    """A new last child."""
    made = etree.SubElement(above, name, attributes)
    made.text = text
    return made


def lines(above: Element, text: str, formulas: Formulas) -> None:
    """A paragraph for each line, formulas as MathML where there is some."""
    for line in filter(None, text.split("\n")):
        inline(put(above, "p"), line, formulas)


def inline(paragraph: Element, line: str, formulas: Formulas) -> None:
    """The words and formulas of one line."""
    end, last = 0, None
    for match in FORMULA.finditer(line):
        formula = formulas.get(match[1])
        if formula is None:
            continue
        _say(paragraph, last, line[end : match.start()])
        last = copy.deepcopy(formula)
        last.tail = None
        _annotate(last, match[1])
        paragraph.append(last)
        end = match.end()
    _say(paragraph, last, line[end:])


def _say(paragraph: Element, last: Element | None, text: str) -> None:
    if last is None:
        paragraph.text = text
    else:
        last.tail = text


def _annotate(formula: Element, latex: str) -> None:
    for note in formula.iter("{*}annotation"):
        note.text = latex  # as the author wrote it, so that reading gives the same


def _declare_response(root: Element, question: Question) -> None:
    kinds = {"choice": ("single", "identifier"), "true_false": ("multiple", "directedPair")}
    cardinality, base = kinds.get(question.type, ("single", "string"))
    declared = put(root, "responseDeclaration", identifier=RESPONSE, cardinality=cardinality, baseType=base)
    if question.key is None:
        return
    right = put(declared, "correctResponse")
    for value in _right_answers(question):
        put(right, "value", value)
    if question.type in {"true_false", "short_answer"}:
        mapping = put(declared, "mapping", defaultValue="0")
        worth = 1 if question.type == "short_answer" or _by_ladder(question) else 1 / len(question.options)
        for value in _accepted_answers(question):
            entry = put(mapping, "mapEntry", mapKey=value, mappedValue=f"{worth:.15g}")
            if question.type == "short_answer":
                entry.set("caseSensitive", "false")


def _right_answers(question: Question) -> list[str]:
    key = question.key or ""
    if question.type == "true_false":
        return [f"{own} {VERDICTS[mark][0]}" for own, mark in zip(question.options, key, strict=True)]
    return [key]


def _accepted_answers(question: Question) -> list[str]:
    answers = _right_answers(question)
    if question.type == "short_answer" and NUMBER.fullmatch(answers[0]):
        answers += [answers[0].replace(".", ","), answers[0].replace(",", ".")]
    return list(dict.fromkeys(answers))


def _by_ladder(question: Question) -> bool:
    return question.type == "true_false" and len(question.options) == len(LADDER) - 1


def _declare_outcomes(root: Element, question: Question) -> None:
    score = put(root, "outcomeDeclaration", identifier=SCORE, cardinality="single", baseType="float")
    score.set("normalMaximum", "1")
    if _by_ladder(question):
        put(root, "outcomeDeclaration", identifier=RIGHT, cardinality="single", baseType="float")


def _body(root: Element, question: Question, setting: Setting) -> None:
    body = put(root, "itemBody")
    if question.group is not None:
        body.set("class", f"{GROUP_CLASS}{question.group}")
    if question.context and not setting.stimulus:
        lines(put(body, "div", **{"class": CONTEXT_CLASS}), question.context, setting.formulas)
    lines(body, question.stem, setting.formulas)
    for image in setting.images:
        put(put(body, "p"), "img", src=IMAGES_UP + image, alt="hình")
    INTERACTIONS[question.type](body, question, setting.formulas)
    if question.solution:
        rubric = put(body, "rubricBlock", view="scorer tutor", **{"class": SOLUTION_CLASS})
        inside = put(rubric, "contentBody") if setting.dialect.version == "3.0" else rubric
        lines(inside, question.solution, setting.formulas)


def _choice(body: Element, question: Question, formulas: Formulas) -> None:
    made = put(body, "choiceInteraction", responseIdentifier=RESPONSE, shuffle="false", maxChoices="1")
    for own, text in question.options.items():
        _labelled(put(made, "simpleChoice", identifier=own), text, formulas)


def _labelled(choice: Element, text: str, formulas: Formulas) -> None:
    if "\n" in text:
        lines(choice, text, formulas)
    else:
        inline(choice, text, formulas)


def _statements(body: Element, question: Question, formulas: Formulas) -> None:
    count = str(len(question.options))
    made = put(body, "matchInteraction", responseIdentifier=RESPONSE, shuffle="false", maxAssociations=count)
    said, verdicts = put(made, "simpleMatchSet"), put(made, "simpleMatchSet")
    for own, text in question.options.items():
        _labelled(put(said, "simpleAssociableChoice", identifier=own, matchMax="1"), text, formulas)
    for identifier, word in VERDICTS.values():
        put(verdicts, "simpleAssociableChoice", word, identifier=identifier, matchMax=count)


def _short_answer(body: Element, question: Question, formulas: Formulas) -> None:  # noqa: ARG001  # one shape for all kinds
    put(put(body, "p"), "textEntryInteraction", responseIdentifier=RESPONSE)


def _essay(body: Element, question: Question, formulas: Formulas) -> None:  # noqa: ARG001  # one shape for all kinds
    put(body, "extendedTextInteraction", responseIdentifier=RESPONSE)


INTERACTIONS = {
    "choice": _choice,
    "true_false": _statements,
    "short_answer": _short_answer,
    "essay": _essay,
}


def _scoring(root: Element, question: Question, dialect: Dialect) -> None:
    if not _by_ladder(question):
        rule = "match_correct" if question.type == "choice" else "map_response"
        put(root, "responseProcessing", template=dialect.template.format(rule))
        return
    rules = put(root, "responseProcessing")
    put(put(rules, "setOutcomeValue", identifier=RIGHT), "mapResponse", identifier=RESPONSE)
    condition = put(rules, "responseCondition")
    for count in range(len(LADDER) - 1, 0, -1):
        branch = put(condition, "responseIf" if count == len(LADDER) - 1 else "responseElseIf")
        test = put(branch, "gte")
        put(test, "variable", identifier=RIGHT)
        put(test, "baseValue", str(count), baseType="float")
        _score(branch, LADDER[count])
    _score(put(condition, "responseElse"), LADDER[0])


def _score(branch: Element, points: float) -> None:
    rule = put(branch, "setOutcomeValue", identifier=SCORE)
    put(rule, "baseValue", f"{points:g}", baseType="float")
