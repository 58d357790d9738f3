"""The interactions that make a question of ours. A reader answers whether it understood what it was given."""

from collections.abc import Callable, Sequence

from thucchat.engine.papers.interchange.doubts import letter
from thucchat.engine.papers.interchange.draft import BLANK, Draft
from thucchat.engine.papers.interchange.markup import cut
from thucchat.engine.papers.interchange.qti_answers import declared, mapped, right_answers, same_number
from thucchat.engine.papers.interchange.qti_fit import LETTER
from thucchat.engine.papers.reading.names import Element, local

TRUE_WORDS = frozenset(("true", "đúng", "đ", "t", "yes", "right", "correct"))
FALSE_WORDS = frozenset(("false", "sai", "s", "f", "no", "wrong", "incorrect"))


def read_interaction(draft: Draft, found: Sequence[Element]) -> None:
    """Fill in kind, options and key from the interactions of an item, and take them out of its text."""
    reader = READERS.get(local(found[0])) if len(found) == 1 else None
    if reader is None or not reader(draft, found[0]):
        _name(draft, found)


def _name(draft: Draft, found: Sequence[Element]) -> None:
    """Name interactions that make no question of ours; their texts stay in the stem."""
    names = ", ".join(dict.fromkeys(local(each) for each in found))
    if not found:
        draft.doubt("interaction.none", "không có chỗ trả lời; được đọc như câu tự luận")
    elif len(found) > 1:
        draft.doubt(
            "interaction.several", f"có {len(found)} chỗ trả lời ({names}); hãy tách thành nhiều câu", names
        )
    else:
        draft.doubt("interaction.unsupported", f"thuộc kiểu “{names}” chưa đọc được; hãy soạn lại", names)
    for each in found:
        answers = right_answers(_declaration(each))
        draft.solve(f"Đáp án trong tệp: {'; '.join(answers)}" if answers else "")
        if local(each) == "textEntryInteraction":
            cut(each, BLANK)
        elif local(each) == "inlineChoiceInteraction":
            cut(each, f"{BLANK} ({' / '.join(draft.text(choice) for choice in each.iter('inlineChoice'))})")


def _declaration(interaction: Element) -> Element | None:
    return declared(interaction.getroottree().getroot(), interaction.get("responseIdentifier", ""))


def _named_options(draft: Draft, choices: Sequence[Element], *, small: bool) -> dict[str, str]:
    """Letters by identifier, in order; the texts are put into the draft."""
    own = [choice.get("identifier", "") for choice in choices]
    kept = all(LETTER.fullmatch(each) for each in own) and len(set(own)) == len(own)
    letters = own if kept else [letter(place) for place in range(len(own))]
    letters = (
        [each.lower() for each in letters]
        if small and len({each.lower() for each in letters}) == len(own)
        else letters
    )
    draft.options = {each: draft.text(choice) for each, choice in zip(letters, choices, strict=True)}
    return dict(zip(own, letters, strict=True))


def _choice(draft: Draft, interaction: Element) -> bool:
    choices = [*interaction.iterfind("simpleChoice")]
    declaration = _declaration(interaction)
    right = right_answers(declaration)
    several = declaration is not None and declaration.get("cardinality") == "multiple"
    several = several and interaction.get("maxChoices", "1") != "1"
    letters = _named_options(draft, choices, small=several)
    for choice in choices:
        cut(choice)
    interaction.tag = "div"
    if not choices:
        draft.doubt("option.none", "không thấy phương án")
    if several:
        draft.kind = "true_false"
        draft.doubt(
            "choice.multiple", "cho chọn nhiều phương án, được đọc thành các ý đúng/sai; hãy soát lại"
        )
        draft.key = "".join("Đ" if own in right else "S" for own in letters) if right else None
    else:
        draft.kind = "choice"
        draft.key = _one_key(draft, [letters.get(own) for own in right])
    _note_weights(draft, declaration, right)
    return True


def _one_key(draft: Draft, right: Sequence[str | None]) -> str | None:
    if None in right:
        draft.doubt("key.outside", "có đáp án không phải là phương án nào")
    found = [own for own in right if own is not None]
    if len(found) > 1:
        draft.doubt("key.several", f"có {len(found)} phương án được coi là đúng: {', '.join(found)}")
    return found[0] if len(found) == 1 and None not in right else None


def _note_weights(draft: Draft, declaration: Element | None, right: Sequence[str]) -> None:
    others = {own: points for own, points in mapped(declaration).items() if points and own not in right}
    if others:
        told = ", ".join(f"{own}: {points:g}" for own, points in others.items())
        draft.doubt("key.weights", f"cho điểm cả phương án khác ({told}), không được giữ", told)


def _inline_choice(draft: Draft, interaction: Element) -> bool:
    choices = [*interaction.iterfind("inlineChoice")]
    letters = _named_options(draft, choices, small=False)
    draft.kind = "choice"
    draft.key = _one_key(draft, [letters.get(own) for own in right_answers(_declaration(interaction))])
    cut(interaction, BLANK)
    return True


def _match(draft: Draft, interaction: Element) -> bool:
    sets = [[*each.iterfind("simpleAssociableChoice")] for each in interaction.iterfind("simpleMatchSet")]
    if len(sets) != 2:
        return False
    for statements, verdicts in (sets, reversed(sets)):
        marks = {each.get("identifier", ""): _verdict(each) for each in verdicts}
        if sorted(marks.values()) == ["S", "Đ"]:
            _read_statements(draft, interaction, (statements, marks))
            return True
    return False


def _verdict(choice: Element) -> str:
    words = {"".join(choice.itertext()).strip().lower().rstrip("."), choice.get("identifier", "").lower()}
    if words & TRUE_WORDS and not words & FALSE_WORDS:
        return "Đ"
    return "S" if words & FALSE_WORDS and not words & TRUE_WORDS else ""


def _read_statements(
    draft: Draft, interaction: Element, sets: tuple[Sequence[Element], dict[str, str]]
) -> None:
    statements, marks = sets
    letters = _named_options(draft, statements, small=True)
    said: dict[str, str] = {}
    for pair in right_answers(_declaration(interaction)):
        for own in pair.split():
            other = next((each for each in pair.split() if each != own), "")
            if own in letters and other in marks:
                said[letters[own]] = marks[other]
    draft.kind = "true_false"
    if said and len(said) < len(letters):
        draft.doubt("key.missing", f"chỉ có đáp án cho {len(said)} trong {len(letters)} ý")
    draft.key = "".join(said[own] for own in letters.values()) if len(said) == len(letters) > 0 else None
    for choices in [*interaction.iterfind("simpleMatchSet")]:
        cut(choices)
    interaction.tag = "div"


def _text_entry(draft: Draft, interaction: Element) -> bool:
    above = interaction.getparent()
    alone = len(above) == 1 and not (above.text or "").strip() and not (interaction.tail or "").strip()
    declaration = _declaration(interaction)
    right = right_answers(declaration)
    draft.kind, draft.key = "short_answer", (right[0] or None) if right else None
    accepted = dict.fromkeys([*right, *(own for own, points in mapped(declaration).items() if points > 0)])
    others = [own for own in accepted if draft.key is not None and not same_number(own, draft.key)]
    if others:
        told = "; ".join(others)
        draft.doubt("key.alternatives", f"còn nhận các đáp án khác: {told}", told)
    cut(interaction, "" if alone else BLANK)
    return True


def _extended_text(draft: Draft, interaction: Element) -> bool:
    right = right_answers(_declaration(interaction))
    draft.key = "\n".join(right) or None
    interaction.tag = "div"
    return True


READERS: dict[str, Callable[[Draft, Element], bool]] = {
    "choiceInteraction": _choice,
    "inlineChoiceInteraction": _inline_choice,
    "matchInteraction": _match,
    "textEntryInteraction": _text_entry,
    "extendedTextInteraction": _extended_text,
}
