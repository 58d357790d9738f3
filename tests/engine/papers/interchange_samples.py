"""Papers and little files of other programs for the tests of interchange, all written for the tests."""

import zipfile
from io import BytesIO

from hypothesis import strategies as st

from thucchat.engine.papers.model import Paper, Question
from thucchat.engine.papers.writing.archive import packed

PASSAGE = "Đọc đoạn <b> & trả lời\nvới $z$"
QUESTIONS = (
    Question(
        1,
        "Cho $\\frac{x}{2}$ và\n$y<1$",
        {"A": "$1$", "B": "2", "C": "3", "D": "$\\bad{$"},
        "B",
        "choice",
        "I",
        context=PASSAGE,
        group=1,
        points="0,25",
        solution="vì $x$\nnên $B$",
    ),
    Question(
        2,
        "Xét",
        {"a": "một", "b": "hai", "c": "ba", "d": "bốn"},
        "ĐSSĐ",
        "true_false",
        "II",
        context=PASSAGE,
        group=1,
        images=("word/media/image1.png",),
    ),
    Question(1, "Tính", {}, "-2,5", "short_answer", "III"),
    Question(2, "Viết đoạn văn", {}, None, "essay", None, points="4"),
)
PAPER = Paper(QUESTIONS, heading="SỞ GD&ĐT <Điện Biên>")
IMAGES = {"word/media/image1.png": b"picture"}

# Words with the signs that mark-up, formulas and other formats give a meaning to.
WORDS = st.text("abcxyzĐđượ 123 ,.:;?!()[]{}<>&'\"\\/$^_=~#%|-–…", min_size=1, max_size=12)
FORMULAS = st.sampled_from(
    ["$x$", "$\\frac{1}{2}$", "$x<y$", "$\\bad{$", "$^{2}$", "$a$$b$", "$5 $", "\\(t\\)"]
)


@st.composite
def texts(draw, *, least=1):
    """Tidy text of one to three lines, formulas among words."""
    lines = draw(st.lists(st.lists(WORDS | FORMULAS, min_size=1, max_size=4), min_size=least, max_size=3))
    tidy = (" ".join(" ".join(pieces).split()) for pieces in lines)
    return "\n".join(line for line in tidy if line)


@st.composite
def questions(draw):
    """A sound question of any kind."""
    kind = draw(st.sampled_from(["choice", "true_false", "short_answer", "essay"]))
    options, key = {}, None
    if kind in {"choice", "true_false"}:
        letters = "ABCDE" if kind == "choice" else "abcde"
        shown = draw(st.lists(texts(), min_size=1, max_size=5))
        options = dict(zip(letters, shown, strict=False))
    if draw(st.booleans()):
        key = {
            "choice": st.sampled_from([*options] or ["A"]),
            "true_false": st.text("ĐS", min_size=len(options), max_size=len(options)),
            "short_answer": texts().filter(bool),
            "essay": texts().filter(bool),
        }[kind]
        key = draw(key)
    return Question(
        draw(st.integers(0, 999)), draw(texts(least=0)), options, key or None, kind,
        draw(st.none() | st.sampled_from(["I", "II", "Phần <chung> & riêng"])),
        context=draw(st.none() | texts().map(lambda text: text or None)),
        group=draw(st.none() | st.integers(1, 9)),
        points=draw(st.none() | st.sampled_from(["1", "0,25", "1,50"])),
        solution=draw(st.none() | texts().map(lambda text: text or None)),
    )  # fmt: skip


def parts_of(content):
    """The parts of a zip by name."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


QTI_22 = "http://www.imsglobal.org/xsd/imsqti_v2p2"
QTI_21 = "http://www.imsglobal.org/xsd/imsqti_v2p1"
QTI_30 = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"


def item(inside, *, space=QTI_21, attributes=""):
    """A 2.x item file around its inside."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<assessmentItem xmlns="{space}" identifier="i1" title="t" '
        f'adaptive="false" timeDependent="false" {attributes}>\n{inside}\n</assessmentItem>'
    ).encode()


def item_30(inside):
    """A 3.0 item file around its inside."""
    return (
        f'<qti-assessment-item xmlns="{QTI_30}" identifier="i1" title="t" time-dependent="false">\n{inside}\n'
        "</qti-assessment-item>"
    ).encode()


def body(*blocks):
    """The body of a 2.x item."""
    return f"<itemBody>{''.join(blocks)}</itemBody>"


def declared(*right, cardinality="single", base="string", mapping=None):
    """The declaration of the response R."""
    values = "".join(f"<value>{value}</value>" for value in right)
    entries = "".join(f'<mapEntry mapKey="{k}" mappedValue="{v}"/>' for k, v in (mapping or {}).items())
    correct = f"<correctResponse>{values}</correctResponse>" if right else ""
    inside = correct + (f"<mapping>{entries}</mapping>" if mapping else "")
    return (
        f'<responseDeclaration identifier="R" cardinality="{cardinality}" baseType="{base}">{inside}'
        "</responseDeclaration>"
    )


def choice(letters, most=1):
    """A choice between letters that are their own texts."""
    inside = "".join(f'<simpleChoice identifier="{each}">{each}</simpleChoice>' for each in letters)
    return f'<choiceInteraction responseIdentifier="R" maxChoices="{most}">{inside}</choiceInteraction>'


def inline_choice(words):
    """A choice inside a sentence."""
    inside = "".join(f'<inlineChoice identifier="{each}">{each}</inlineChoice>' for each in words)
    return f'<inlineChoiceInteraction responseIdentifier="R">{inside}</inlineChoiceInteraction>'


def match(left, right):
    """Two columns to be matched; names are their own texts."""
    sets = "".join(
        "<simpleMatchSet>"
        + "".join(
            f'<simpleAssociableChoice identifier="{name}" matchMax="9">{text}</simpleAssociableChoice>'
            for name, text in column.items()
        )
        + "</simpleMatchSet>"
        for column in (left, right)
    )
    return f'<matchInteraction responseIdentifier="R" maxAssociations="9">{sets}</matchInteraction>'


def package(items, *, test=""):
    """A package of item files by name, with an optional test."""
    kind = '<resource identifier="r" type="imsqti_{}_xmlv2p1" href="{}"/>'
    resources = "".join(kind.format("item", name) for name in items)
    parts = dict(items)
    if test:
        resources += kind.format("test", "test.xml")
        parts["test.xml"] = test.encode()
    space = "http://www.imsglobal.org/xsd/imscp_v1p1"
    manifest = f'<manifest xmlns="{space}"><resources>{resources}</resources></manifest>'
    return packed({"imsmanifest.xml": manifest.encode(), **parts})
