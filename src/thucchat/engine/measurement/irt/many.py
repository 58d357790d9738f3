"""Many calibrations at once, such as one per subject, grade and district, through any executor.

Each calibration is computed exactly as it would be alone, so the results do not depend on the executor.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field

from thucchat.engine.errors import EngineError
from thucchat.engine.measurement.irt.calibration import Calibration
from thucchat.engine.measurement.irt.conditional import calibrate_conditional
from thucchat.engine.measurement.irt.items import Model
from thucchat.engine.measurement.irt.marginal import Setting, calibrate_marginal
from thucchat.engine.measurement.responses import Responses


@dataclass(frozen=True, slots=True)
class Task:
    """One calibration to do; without `models` it is Rasch or partial credit by conditional likelihood."""

    name: str
    responses: Responses
    models: tuple[Model, ...] = ()
    setting: Setting = field(default_factory=Setting)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a task: a calibration, or the reason why there is none."""

    name: str
    calibration: Calibration | None
    refusal: str = ""


def calibration_of(task: Task) -> Calibration:
    """Do one task.

    Raises:
        EngineError: what `calibrate_marginal` and `calibrate_conditional` refuse.
    """
    if task.models:
        return calibrate_marginal(task.responses, task.models, task.setting)
    return calibrate_conditional(task.responses)


def calibrate_task(task: Task) -> Outcome:
    """Do one task; what cannot be calibrated is told and does not stop the others."""
    try:
        return Outcome(task.name, calibration_of(task))
    except EngineError as error:
        return Outcome(task.name, None, error.message)


def calibrate_many(tasks: Sequence[Task], executor: Executor) -> Iterator[Outcome]:
    """Outcomes in the order of the tasks."""
    return executor.map(calibrate_task, tasks)
