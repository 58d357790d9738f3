"""Takes out of a paper everything that gives the key away: answers, solutions, marks on the right option."""

from copy import deepcopy

from thucchat.engine.papers.reading.flow import Flow, Piece
from thucchat.engine.papers.reading.key_marks import MarkedKey, marked_keys
from thucchat.engine.papers.reading.laid import Laid, Option, letter_place
from thucchat.engine.papers.reading.names import PPR, RPR, SECT, Element, R, w
from thucchat.engine.papers.reading.normal import drop
from thucchat.engine.papers.reading.reader import Reading
from thucchat.engine.papers.writing.cutting import cut_at, remove_stretch

PROPERTIES = {
    "marker": (w("highlight"), w("shd")),
    "underline": (w("u"),),
    "colour": (w("color"),),
    "strike": (w("strike"), w("dstrike")),
    "bold": (w("b"), w("bCs")),
    "italic": (w("i"), w("iCs")),
}


def clean(reading: Reading) -> None:
    """Change the tree of `reading` so that no key is left in it."""
    flow, questions = reading.source.flow, reading.laid.questions
    marked = marked_keys(flow, questions)
    for place, question in enumerate(questions):
        if question.solution is not None and question.bank_row is None:
            remove_stretch(flow, *question.solution)
        _remove_told_truths(flow, question)
        if place in marked:
            _hide_marks(flow, question, marked[place])
    _remove_answers(reading)
    for element in list(reading.source.body.iter(w("lastRenderedPageBreak"))):
        element.getparent().remove(element)


def _remove_told_truths(flow: Flow, question: Laid) -> None:
    """Crosses and words behind a statement that say whether it is true."""
    if question.kind != "true_false" or not question.options:
        return
    ends = [option.mark[0] for option in question.options[1:]]
    ends.append(min(question.end, question.solution[0] if question.solution else question.end))
    for option, end in zip(question.options, ends, strict=True):
        line = flow.text.find("\n", option.end, end)
        limit = line if line >= 0 else end
        if flow.text[option.end : limit].strip(" \t\x1f"):
            remove_stretch(flow, option.end, limit)


def _hide_marks(flow: Flow, question: Laid, key: MarkedKey) -> None:
    cut_at(flow, [place for option in question.options for place in (*option.mark, option.start, option.end)])
    plain = next((option for option in question.options if option.letter not in key.letters), None)
    model = _label_properties(flow, plain) if plain is not None else None
    for option in question.options:
        if option.letter in key.letters or option.letter in key.conflict:
            _hide(flow, option, key, model)


def _hide(flow: Flow, option: Option, key: MarkedKey, model: Element | None) -> None:
    for part, aspect in key.places:
        if aspect == "star":
            _remove_star(flow, option)
        elif part == "text":
            for piece in flow.between(option.start, option.end):
                _strip(piece, aspect)
    if any(part == "letter" for part, _ in key.places):
        for piece in flow.between(*option.mark):
            _wear(piece, model)


def _label_properties(flow: Flow, option: Option) -> Element | None:
    return _properties_of(flow.piece_at(letter_place(flow, option)))


def _properties_of(piece: Piece) -> Element | None:
    if piece.kind == "label" and piece.paragraph is not None:
        return piece.paragraph.find(f"{PPR}/{RPR}")
    return piece.run.find(RPR) if piece.run is not None else None


def _wear(piece: Piece, model: Element | None) -> None:
    """Give a label the look of a label that is not the key."""
    own = _properties_of(piece)
    holder = own.getparent() if own is not None else _holder(piece)
    if holder is None:
        return
    if own is not None:
        holder.remove(own)
    if model is not None:
        holder.insert(0 if holder.tag == R else len(holder), deepcopy(model))


def _holder(piece: Piece) -> Element | None:
    if piece.kind == "label" and piece.paragraph is not None:
        return piece.paragraph.find(PPR)
    return piece.run if piece.run is not None and piece.run.tag == R else None


def _strip(piece: Piece, aspect: str) -> None:
    properties = piece.run.find(RPR) if piece.run is not None else None
    if properties is None:
        return
    for name in (*PROPERTIES[aspect], w("rStyle")):
        for found in properties.findall(name):
            properties.remove(found)


def _remove_star(flow: Flow, option: Option) -> None:
    for sign in range(option.mark[0], letter_place(flow, option)):
        if flow.text[sign] in "*#":
            remove_stretch(flow, sign, sign + 1)


def _remove_answers(reading: Reading) -> None:
    start = reading.laid.outline.answers
    if start is None:
        return
    flow = reading.source.flow
    for place, block in flow.blocks:
        if place >= start and block.tag != SECT and block.find(f"{PPR}/{SECT}") is None:
            drop(block)
    before = [place for place, _ in flow.blocks if place < start]
    if before and flow.text[before[-1] : start].strip():
        following = next((place for place, _ in flow.blocks if place > start), len(flow.text))
        remove_stretch(flow, start, following)
