"""Answers of one file as scoring takes them: a column of texts per item, and why a cell has none."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from thucchat.engine.measurement.scoring import Rule, State
from thucchat.web.results.models import ResponseFile
from thucchat.web.results.models.keyed import KeyedItem
from thucchat.web.results.models.responses import NOT_PRESENTED, SEPARATOR
from thucchat.web.shared.frames import copy_out

ROWS = pl.Schema({"sbd": pl.String(), "status": pl.Int64(), "answers": pl.String()})


@dataclass(frozen=True, slots=True)
class AnswerTable:
    """All candidates of a file, sorted by number."""

    items: list[KeyedItem]
    sbd: list[str]
    answers: dict[str, list[str]]  # item to a text per person, "" where there is none
    states: NDArray[np.int8]  # (persons, items) values of engine State

    @property
    def rules(self) -> dict[str, Rule]:
        return {one.item: one.rule for one in self.items}


def answer_table(file: ResponseFile) -> AnswerTable:
    """The rows of a file that was read; in the scope that is entered."""
    items = [KeyedItem(**one) for one in file.items]
    rows = copy_out(
        "SELECT sbd, status, answers FROM results_candidateanswers WHERE file_id = %s ORDER BY sbd",
        ROWS,
        [file.pk],
    )
    parts = rows["answers"].fill_null("").str.split(SEPARATOR)
    columns = [parts.list.get(place, null_on_oob=True).fill_null("") for place in range(len(items))]
    absent = np.stack([(column == NOT_PRESENTED).to_numpy() for column in columns], axis=1)
    states = np.where(absent, State.NOT_PRESENTED, State.ANSWERED)
    whole = rows["status"].to_numpy()[:, None]
    states = np.where(whole > State.UNREADABLE, whole, states).astype(np.int8)
    texts = {
        one.item: column.replace(NOT_PRESENTED, "").to_list()
        for one, column in zip(items, columns, strict=True)
    }
    return AnswerTable(items, rows["sbd"].to_list(), texts, states)
