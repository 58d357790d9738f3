"""Sort keys and search texts of many names at once: each different word is worked out once."""

from collections.abc import Callable

import polars as pl

from thucchat.engine.vietnamese import text_key, unaccented, word_key


def name_keys(names: pl.Series) -> pl.Series:
    """`engine.vietnamese.name_key` of each tidy name: the given name first."""
    keys = pl.DataFrame({"words": _by_word(names, word_key)})
    words = pl.col("words")
    given_first = pl.concat_list(words.list.tail(1), words.list.head(words.list.len().cast(pl.Int64) - 1))
    return keys.select(given_first.list.join("/"))["words"]


def text_keys(names: pl.Series) -> pl.Series:
    """`engine.vietnamese.text_key` of each tidy text; few are different."""
    known = {name: text_key(name) for name in names.drop_nulls().unique()}
    return names.replace_strict(known, return_dtype=pl.String)


def search_texts(names: pl.Series) -> pl.Series:
    """`engine.vietnamese.unaccented` of each tidy name."""
    return _by_word(names, unaccented).list.join(" ")


def _by_word(names: pl.Series, make: Callable[[str], str]) -> pl.Series:
    words = names.str.split(" ")
    known = {word: make(word) for word in words.explode().drop_nulls().unique()}
    return words.list.eval(pl.element().replace_strict(known, return_dtype=pl.String))
