import random

import pytest

from thucchat.engine.errors import InvalidInput
from thucchat.engine.papers.duplicates import ItemText, build_index, find_duplicates
from thucchat.engine.vietnamese import unaccented

SUBJECTS = [
    "hợp chất hữu cơ",
    "chuyển động thẳng đều",
    "hệ sinh thái rừng",
    "hàm số bậc hai",
    "phong trào Cần Vương",
]
SUBJECTS += ["nền kinh tế tri thức", "dòng điện xoay chiều", "phân tử ADN", "hình chóp tứ giác", "biển Đông"]
VERBS = ["có đặc điểm nào sau đây", "được mô tả đúng nhất ở phương án nào", "phụ thuộc vào yếu tố nào"]
VERBS += ["thường được ứng dụng trong lĩnh vực nào", "liên quan trực tiếp đến sự kiện nào"]
WORD_LIST = """nhiệt độ áp suất nồng độ gia tốc vận tốc khối lượng thể tích diện tích chu kì biên độ tần số
công suất điện trở cường độ hiệu điện thế khí hậu dân số nông nghiệp công nghiệp dịch vụ văn hoá giáo dục
chính trị ngoại giao quân sự cách mạng khởi nghĩa chiến dịch hiệp định tế bào nhiễm sắc thể đột biến di truyền
tiến hoá quần thể quần xã sinh quyển axit bazơ muối kim loại phi kim ancol este cacbohiđrat protein polime
"""
WORDS = WORD_LIST.split()
SYNONYMS = {"nào": "gì", "được": "đã được", "đúng": "chính xác", "sau đây": "dưới đây", "thường": "hay"}


def item(number, generator):
    equation = f"$y=\\frac{{{generator.randint(2, 99)}x+{generator.randint(2, 99)}}}{{x-{number}}}$"
    words = " ".join(generator.sample(WORDS, 9))
    stem = f"Trong bài {words}, {generator.choice(SUBJECTS)} {equation} {generator.choice(VERBS)}?"
    return ItemText(f"c{number}", stem, tuple(" ".join(generator.sample(WORDS, 3)) for _ in range(4)))


def reworded(text):
    for word, other in SYNONYMS.items():
        text = text.replace(f" {word} ", f" {other} ").replace(f" {word}?", f" {other}?")
    return text.replace("Trong bài", "Ở nội dung")


GENERATOR = random.Random(7)
BANK = [item(number, GENERATOR) for number in range(2000)]
INDEX = build_index(BANK)


def renumbered(text, generator):
    return "".join(generator.choice("123456789") if letter.isdigit() else letter for letter in text)


def some_words_less(text, generator):
    words = text.split(" ")
    for place in sorted(generator.sample(range(len(words)), len(words) // 7), reverse=True):
        del words[place]
    return " ".join(words)


CHANGES = {
    "tones lost": lambda text, _: unaccented(text),
    "synonyms": lambda text, _: reworded(text),
    "other numbers": renumbered,
    "words dropped": some_words_less,
    "capitals and marks": lambda text, _: text.upper().replace(",", ";").replace(" ", "  "),
}


@pytest.mark.parametrize("change", CHANGES)
def test_at_least_95_of_100_planted_paraphrases_are_found_and_nothing_else(change):
    generator = random.Random(3)
    chosen = generator.sample(BANK, 100)
    alter = CHANGES[change]
    asked = [
        ItemText(f"hỏi {one.id}", alter(one.stem, generator), tuple(generator.sample(one.options, 4)))
        for one in chosen
    ]
    found = {(pair.asked, pair.found) for pair in find_duplicates(INDEX, asked)}
    right = {(f"hỏi {one.id}", one.id) for one in chosen}

    assert len(found & right) >= 95
    assert len(found - right) <= 2


def test_items_of_a_bank_are_not_duplicates_of_each_other_or_themselves():
    assert find_duplicates(INDEX, BANK[:200]) == ()


def test_the_same_text_with_other_spaces_and_options_moved_is_called_the_same():
    one = BANK[5]
    moved = ItemText("mới", one.stem.replace(" ", "\n "), one.options[::-1])

    [pair] = find_duplicates(INDEX, [moved])

    assert (pair.found, pair.same_text) == (one.id, True)
    assert pair.similarity == pytest.approx(1, abs=1e-5)


def test_another_equation_in_the_same_words_lowers_the_similarity():
    stem = "Tìm tập xác định của hàm số $y=\\sqrt{x-1}$."
    bank = [ItemText("căn", stem), ItemText("lôgarit", stem.replace("\\sqrt{x-1}", "\\log_{2}(x^2+3x)"))]
    asked = ItemText("hỏi", stem.replace("\\sqrt", "\\sqrt "))

    first, second = find_duplicates(build_index(bank), [asked], near=0.0)

    assert (first.found, first.same_text, second.same_text) == ("căn", True, False)
    assert first.similarity > second.similarity + 0.1


def test_empty_items_and_a_bank_of_one_do_no_harm():
    index = build_index([ItemText("a", "Thủ đô của nước ta?")])

    assert find_duplicates(index, [ItemText("b", "")]) == ()
    assert find_duplicates(index, []) == ()
    assert [pair.found for pair in find_duplicates(index, [ItemText("b", "Thủ đô của nước ta")])] == ["a"]


@pytest.mark.parametrize(("bank", "code"), [([], "none"), ([BANK[0], BANK[0]], "twice")])
def test_a_bank_that_cannot_be_indexed_is_refused(bank, code):
    with pytest.raises(InvalidInput) as refusal:
        build_index(bank)
    assert refusal.value.code == f"items.{code}"
