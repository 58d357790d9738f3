"""Items and packages in the shapes other programs give them."""

import pytest

from tests.engine.papers.interchange_samples import (
    QTI_30,
    body,
    choice,
    declared,
    inline_choice,
    item,
    item_30,
    match,
    package,
)
from thucchat.engine.papers.interchange.qti_in import paper_from_qti
from thucchat.engine.papers.writing.archive import packed

PLATFORM = """<responseDeclaration identifier="R" cardinality="single" baseType="identifier">
<correctResponse><value>choice_2</value></correctResponse></responseDeclaration>
<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>
<outcomeDeclaration identifier="MAXSCORE" cardinality="single" baseType="float">
<defaultValue><value>2.5</value></defaultValue></outcomeDeclaration>
<itemBody><div class="grid-row"><div class="col-12"><p>Chọn  <strong>một</strong> số \\(x\\).</p></div></div>
<choiceInteraction responseIdentifier="R" shuffle="true" maxChoices="1"><prompt>x<sup>2</sup> = 4?</prompt>
<simpleChoice identifier="choice_1"><img src="images/a.png" alt=""/></simpleChoice>
<simpleChoice identifier="choice_2">2
<feedbackInline outcomeIdentifier="F" identifier="i">Vì 2² = 4</feedbackInline></simpleChoice>
</choiceInteraction></itemBody>
<modalFeedback outcomeIdentifier="F" identifier="y" showHide="show">Khá lắm</modalFeedback>"""
ESSAY = '<extendedTextInteraction responseIdentifier="R"/>'
ENTRY = '<textEntryInteraction responseIdentifier="R"/>'


def one(content):
    return paper_from_qti(content, "x.xml").questions[0]


def codes(question):
    return [flag.code for flag in question.flags]


def essay(text):
    return item(declared("k") + body(f"<p>{text}</p>", ESSAY))


def test_an_item_of_a_delivery_platform_is_read_with_prompt_pictures_and_feedback():
    question = one(package({"items/one/qti.xml": item(PLATFORM, attributes='toolName="TAO"')}))

    assert question.stem == "Chọn một số $x$.\nx$^{2}$ = 4?"
    assert (question.options, question.key, question.points) == ({"A": "[hình]", "B": "2"}, "B", "2,5")
    assert question.images == ("items/one/images/a.png",)
    assert question.solution == "Vì 2² = 4\nKhá lắm"
    assert codes(question) == []


def test_mathml_without_a_note_is_converted():
    space = "http://www.w3.org/1998/Math/MathML"
    half = f"<m:math xmlns:m='{space}'><m:mfrac><m:mi>x</m:mi><m:mn>2</m:mn></m:mfrac></m:math>"
    broken = f"<math xmlns='{space}'><merror><mtext>lỗi</mtext></merror></math>"

    paper = paper_from_qti(item(body(f"<p>Tính {half} và {broken}.</p>")))

    assert paper.questions[0].stem == "Tính $\\frac{x}{2}$ và lỗi."
    assert codes(paper.questions[0]) == ["interaction.none", "content.unread"]
    assert paper.equations == 2


STATEMENTS_30 = """
<qti-response-declaration identifier="RESPONSE" cardinality="multiple" base-type="directedPair">
<qti-correct-response><qti-value>s1 yes</qti-value><qti-value>s2 no</qti-value></qti-correct-response>
</qti-response-declaration><qti-item-body><qti-match-interaction response-identifier="RESPONSE">
<qti-prompt>Xét các ý</qti-prompt><qti-simple-match-set>
<qti-simple-associable-choice identifier="s1" match-max="1">Một</qti-simple-associable-choice>
<qti-simple-associable-choice identifier="s2" match-max="1">Hai</qti-simple-associable-choice>
</qti-simple-match-set><qti-simple-match-set>
<qti-simple-associable-choice identifier="yes" match-max="9">Đúng</qti-simple-associable-choice>
<qti-simple-associable-choice identifier="no" match-max="9">Sai</qti-simple-associable-choice>
</qti-simple-match-set></qti-match-interaction></qti-item-body>"""


def test_version_3_match_with_true_and_false_columns_becomes_statements():
    question = one(item_30(STATEMENTS_30))

    assert (question.type, question.stem, question.key) == ("true_false", "Xét các ý", "ĐS")
    assert question.options == {"a": "Một", "b": "Hai"}
    assert codes(question) == ["option.count"]


@pytest.mark.parametrize(
    ("left", "right", "answers", "key", "flags"),
    [
        ({"x": "1", "y": "2"}, {"T": "True", "F": "False"}, ["x T", "y F"], "ĐS", ["option.count"]),
        ({"p": "Sai", "q": "Đúng"}, {"x": "1", "y": "2"}, ["p x", "q y"], "SĐ", ["option.count"]),
        ({"x": "1", "y": "2"}, {"T": "True", "F": "False"}, ["x T"], None, ["key.missing", "option.count"]),
    ],
)
def test_the_columns_of_statements_may_stand_either_way(left, right, answers, key, flags):
    declaration = declared(*answers, cardinality="multiple", base="directedPair")

    question = one(item(declaration + body(match(left, right))))

    assert (question.options, question.key) == ({"x": "1", "y": "2"}, key)
    assert codes(question) == flags


def test_a_match_of_other_columns_is_named_and_its_text_kept():
    columns = match({"cá": "cá", "chim": "chim"}, {"nước": "nước", "trời": "trời"})

    question = one(item(declared("cá nước", cardinality="multiple", base="directedPair") + body(columns)))

    assert (question.type, question.stem) == ("essay", "cá\nchim\nnước\ntrời")
    assert question.solution == "Đáp án trong tệp: cá nước"
    assert [(flag.code, flag.text) for flag in question.flags] == [
        ("interaction.unsupported", "matchInteraction")
    ]


def test_several_answers_become_statements_with_a_flag():
    declaration = declared("A", "D", cardinality="multiple", base="identifier")

    question = one(item(declaration + body("<p>Chọn</p>", choice("ABCD", 0))))

    assert (question.type, question.key, [*question.options]) == ("true_false", "ĐSSĐ", ["a", "b", "c", "d"])
    assert codes(question) == ["choice.multiple"]


@pytest.mark.parametrize(
    ("answers", "mapping", "key", "flags"),
    [
        (["Z"], {}, None, ["key.outside", "key.missing"]),
        (["A", "B"], {}, None, ["key.several", "key.missing"]),
        (["A"], {"A": 1, "B": 0.5}, "A", ["key.weights"]),
        ([], {"A": 1, "B": 2}, "B", ["key.weights"]),
        ([], {"A": "x", "B": 2}, "B", ["qti.rule"]),
        ([], {}, None, ["key.missing"]),
    ],
)
def test_doubtful_keys_of_a_choice_are_flagged(answers, mapping, key, flags):
    declaration = declared(*answers, base="identifier", mapping=mapping)

    question = one(item(declaration + body(choice("AB"))))

    assert (question.key, codes(question)) == (key, flags)


def test_a_gap_inside_a_sentence_stays_a_gap():
    declaration = declared("4.0", mapping={"4,0": 1, "bốn": 1, "năm": 0})

    question = one(item(declaration + body(f"<p>2 + 2 = {ENTRY}.</p>")))

    assert (question.type, question.stem, question.key) == ("short_answer", "2 + 2 = _____.", "4.0")
    assert [(flag.code, flag.text) for flag in question.flags] == [("key.alternatives", "bốn")]


def test_a_choice_inside_a_sentence_becomes_a_choice():
    gap = inline_choice(["go", "goes"])

    question = one(item(declared("goes", base="identifier") + body(f"<p>She {gap} home.</p>")))

    assert (question.type, question.stem) == ("choice", "She _____ home.")
    assert (question.options, question.key) == ({"A": "go", "B": "goes"}, "B")


def test_several_interactions_are_named_and_all_is_kept():
    question = one(item(declared("x") + body(f"<p>a {ENTRY} b {inline_choice('xy')}</p>")))

    assert question.stem == "a _____ b _____ (x / y)"
    assert question.solution == "Đáp án trong tệp: x\nĐáp án trong tệp: x"
    assert codes(question) == ["interaction.several"]


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        (choice("AB").replace("choiceI", "orderI"), "interaction.unsupported"),
        ("<p>đọc</p>", "interaction.none"),
        (f'<p><object data="a.mp4" type="video/mp4"/></p>{ESSAY}', "content.unread"),
        (f'<p><img src="http://example.org/a.png" alt=""/></p>{ESSAY}', "file.external"),
        ("<extendedTextInteraction/>", "qti.rule"),
    ],
)
def test_what_is_not_understood_is_named(inside, code):
    question = one(item(declared("a") + body(inside)))

    assert code in codes(question)
    assert question.type == "essay"


def test_texts_of_unknown_interactions_stay_in_the_stem():
    question = one(item(declared("A B") + body("<p>Xếp</p>", choice("AB").replace("choiceI", "orderI"))))

    assert (question.stem, question.solution) == ("Xếp\nA\nB", "Đáp án trong tệp: A B")


def test_rules_that_are_not_kept_are_named():
    template = '<templateDeclaration identifier="T" cardinality="single" baseType="integer"/>'
    shown = '<p>Số <printedVariable identifier="T"/></p>'
    text = item(template + body(shown) + "<responseProcessing><exitResponse/></responseProcessing>")

    assert codes(one(text.replace(b'adaptive="false"', b'adaptive="true"'))) == [
        "item.template",
        "item.adaptive",
        "scoring.other",
        "interaction.none",
        "content.unread",
    ]


def test_breaches_of_the_rules_are_flagged_with_their_line():
    text = item(body("\nchữ lạc\n", choice("")))

    messages = [flag.message for flag in one(text).flags if flag.code == "qti.rule"]

    assert messages == [
        "“x.xml” dòng 3: phần tử “itemBody” có chữ ở chỗ chỉ được có phần tử con.",
        "“x.xml” dòng 5: phần tử “choiceInteraction” thiếu phần bên trong, hoặc đứng sai chỗ.",
        "“x.xml” dòng 5: mã “R” ở “choiceInteraction” không có nơi nào khai báo.",
    ]


TEST = """<assessmentTest xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="t" title="Đề thử">
<testPart identifier="p" navigationMode="linear" submissionMode="individual">
<assessmentSection identifier="s" title="Phần Đọc" visible="true"><selection select="1"/>
<rubricBlock view="candidate"><p>Đọc đoạn văn.</p></rubricBlock>
<assessmentItemRef identifier="b" href="b.xml"><weight identifier="w" value="0.5"/></assessmentItemRef>
<assessmentSection identifier="s2" title="ẩn" visible="false">
<assessmentItemRef identifier="a" href="a.xml"/></assessmentSection>
<assessmentItemRef identifier="x" href="missing.xml"/>
</assessmentSection></testPart></assessmentTest>"""


def test_the_test_gives_order_parts_points_and_shared_texts():
    items = {"a.xml": essay("A"), "b.xml": essay("B"), "c.xml": essay("C")}

    paper = paper_from_qti(package(items, test=TEST))

    assert paper.heading == "Đề thử"
    assert [(q.number, q.stem, q.part, q.points, q.context, q.key) for q in paper.questions] == [
        (1, "B", "Phần Đọc", "0,5", "Đọc đoạn văn.", "k"),
        (2, "A", "Phần Đọc", None, "Đọc đoạn văn.", "k"),
        (3, "C", None, None, None, "k"),
    ]
    assert [flag.code for flag in paper.flags] == ["test.rule", "file.missing", "item.unused"]


def test_breaches_in_the_test_are_flagged():
    paper = paper_from_qti(package({"b.xml": essay("B")}, test=TEST.replace(' title="Phần Đọc"', "")))

    assert "“test.xml” dòng 3: phần tử “assessmentSection” thiếu thuộc tính “title”." in [
        flag.message for flag in paper.flags
    ]


STIMULUS = f"""<qti-assessment-stimulus xmlns="{QTI_30}" identifier="S" title="s"><qti-stimulus-body>
<p>Văn bản \\(x\\)<img src="a.png" alt=""/></p></qti-stimulus-body></qti-assessment-stimulus>""".encode()


def test_items_that_share_a_text_get_one_group():
    reference = '<qti-assessment-stimulus-ref identifier="S" href="../texts/s.xml"/>'
    asked = item_30(reference + "<qti-item-body><p>Hỏi</p></qti-item-body>")
    lost = asked.replace(b"texts/s.xml", b"texts/none.xml")
    items = {"items/1.xml": asked, "items/2.xml": asked, "items/10.xml": lost}

    paper = paper_from_qti(packed({**items, "texts/s.xml": STIMULUS}))

    assert [(q.context, q.group) for q in paper.questions] == [
        ("Văn bản $x$", 1),
        ("Văn bản $x$", 1),
        (None, None),
    ]
    assert paper.questions[0].images == ("texts/a.png",)
    assert [flag.code for flag in paper.flags] == ["file.manifest"]
    assert codes(paper.questions[2]) == ["file.missing", "interaction.none"]


def test_files_that_the_manifest_names_in_vain_are_told():
    resource = b'<resource type="imsqti_item_xmlv2p2" href="b.xml"/>'
    parts = {"a.xml": essay("A"), "imsmanifest.xml": b"<manifest>" + resource + b"</manifest>"}

    assert paper_from_qti(package({"a.xml": essay("A")})).flags == ()
    assert [(flag.code, flag.text) for flag in paper_from_qti(packed(parts)).flags] == [
        ("file.missing", "b.xml")
    ]


@pytest.mark.parametrize("space", [b"", b' xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2"'])
def test_the_namespace_may_be_missing_or_of_another_release(space):
    assert one(essay("A").replace(b' xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1"', space)).stem == "A"
