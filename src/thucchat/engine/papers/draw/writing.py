"""Announcements and minutes as plain values, and back. Fields keep their names."""

from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from typing import Any

from thucchat.engine.errors import InvalidInput
from thucchat.engine.papers.draw.model import (
    Announcement,
    Chance,
    Entry,
    Minutes,
    Refused,
    Rules,
    Selection,
    Source,
)

FORMAT = "thucchat-draw-1"


def as_plain(value: object) -> Any:
    """Dataclasses and tuples as objects and lists."""
    if is_dataclass(value) and not isinstance(value, type):
        return as_plain(asdict(value))
    if isinstance(value, Mapping):
        return {key: as_plain(inside) for key, inside in value.items()}
    if isinstance(value, list | tuple):
        return [as_plain(inside) for inside in value]
    return value


def announcement_from(plain: Any) -> Announcement:
    """The announcement in parsed JSON. Raises InvalidInput: `draw.file`."""
    try:
        return _announcement(plain)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InvalidInput(
            "draw.file", f"Không phải là thông báo bốc thăm của Thực Chất ({error})."
        ) from error


def minutes_from(plain: Any) -> Minutes:
    """The minutes in parsed JSON. Raises InvalidInput: `draw.file`."""
    try:
        return Minutes(
            _announcement(plain["announcement"]),
            Chance(**plain["chance"]),
            plain["root"],
            plain["seed"],
            tuple(plain["withheld"]),
            _selection(plain["selection"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InvalidInput(
            "draw.file", f"Không phải là biên bản bốc thăm của Thực Chất ({error})."
        ) from error


def _announcement(plain: Any) -> Announcement:
    rules = dict(plain["rules"])
    matrix = tuple((cell, count) for cell, count in rules.pop("matrix"))
    made = Rules(matrix, sitting=tuple(rules.pop("sitting")), **rules)
    entries = tuple(Entry(**entry) for entry in plain["pool"])
    refused = tuple(Refused(one["id"], one["unit"], tuple(one["reasons"])) for one in plain["refused"])
    sources = tuple(Source(**source) for source in plain["sources"])
    own = {"rules": made, "pool": entries, "refused": refused, "sources": sources}
    announcement = Announcement(**{**plain, **own})
    _check_types(announcement)
    return announcement


def _check_types(announcement: Announcement) -> None:
    """A file may hold anything where a number or a text should be."""
    rules, pool = announcement.rules, announcement.pool
    caps = [cap for cap in (rules.form_cap, rules.draw_cap, rules.own_cap) if cap is not None]
    counts = [count for _, count in rules.matrix]
    whole = [announcement.number, rules.forms, *caps, *counts, *announcement.weights.values()]
    texts = [announcement.round, announcement.title, announcement.frozen_at, *rules.sitting]
    texts += [cell for cell, _ in rules.matrix] + [source.name for source in announcement.sources]
    texts += [text for entry in pool for text in (entry.id, entry.unit, entry.fingerprint, entry.cell)]
    texts += announcement.commitments.values()
    for value, kind in [(number, int) for number in (*whole, *(entry.size for entry in pool))] + [
        (text, str) for text in texts
    ]:
        if type(value) is not kind:
            raise TypeError(f"{value!r:.40}")


def _selection(plain: Any) -> Selection:
    return Selection(tuple(tuple(form) for form in plain["forms"]), plain["seats"], plain["attempts"])
