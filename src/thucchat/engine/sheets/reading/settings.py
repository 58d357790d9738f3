"""Every threshold of deciding, in one place, so that a batch can name what it was decided with."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Ink is relative: 0 is the sheet's own blank bubble, 1 its own filled one; `floor` is plain darkness."""

    blank: float = 0.22  # below: no mark
    mark: float = 0.42  # above: a mark; between: faint, a person looks
    rival: float = 0.36  # a second bubble above this beside a mark makes the field doubtful
    even: float = 0.70  # two marks less alike than this: perhaps one was rubbed out
    floor: float = 0.05  # darkness above blank below which nothing is a mark
    usual: float = 0.55  # darkness of a filled bubble where the sheet has too few marks to tell
    trace: float = 0.07  # ink of a blank bubble that was touched: rubbed out, or a stray stroke
    struck: float = 0.075  # ink around one of several marks that shows it is crossed out; alone, 5.5 times
    noise: float = 4.5  # standard deviations of blank bubbles that a mark must exceed
    outline: float = (
        0.75  # of the layout's own outline correlation, below which bubbles are not surely in place
    )
    stray: float = 0.5  # the same against the sheet's own correlation, on pages whose anchors leave no doubt
    middle: float = 0.35  # second pass: median darkness against the sheet's own filled bubbles
