import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from thucchat.engine.vietnamese import name_key, text_key, tidy, unaccented
from thucchat.web.people.importers.names import name_keys, search_texts, text_keys

WORDS = st.lists(
    st.sampled_from(["Lò", "Thị", "Nguyễn", "An", "Đặng", "Ước", "A1", "H'Mông", "Ê-đê"]),
    min_size=1,
    max_size=5,
)


@given(st.lists(WORDS, min_size=1, max_size=6))
def test_many_names_get_the_keys_that_each_would_get_alone(names):
    texts = [tidy(" ".join(words)) for words in names]
    series = pl.Series(texts)

    assert name_keys(series).to_list() == [name_key(text) for text in texts]
    assert search_texts(series).to_list() == [unaccented(text) for text in texts]
    assert text_keys(series).to_list() == [text_key(text) for text in texts]
