"""How far a training is, kept in a file that everybody reads: console, command line, after a restart too.

`models/training.json` tells the stages of the last training, and how it ended. A training that was killed writes
nothing more: its lock is free and its file says that it runs, which is how it is told from one that does run.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from training import locks
from training.files import read_json, write_json

STATE_FILE = "training.json"
DURATIONS_FILE = "durations.json"
RUNNING, DONE, FAILED, INTERRUPTED = "en cours", "terminé", "échec", "interrompu"
READING, LEARNING, EXAMINING, COMPARING, JUDGING = "lire", "entrainer", "examiner", "comparer", "juger"
LABELS = {
    READING: "Lecture du contenu",
    LEARNING: "Entraînement",
    EXAMINING: "Examen",
    COMPARING: "Comparaison avec la version publiée",
    JUDGING: "Verdict",
}
# Between two writes of the file while a stage counts, in seconds.
_EVERY = 0.5


@dataclass(frozen=True)
class Stage:
    """One stage: its times are seconds since 1970; `done` of `total` when it counts something."""

    name: str
    began: float | None = None
    ended: float | None = None
    done: int = 0
    total: int = 0

    @property
    def label(self) -> str:
        """Its name as people read it."""
        return LABELS[self.name]


@dataclass(frozen=True)
class State:
    """One training, from the order to its end; `expected` is what each stage took before, in seconds."""

    by: str
    reason: str
    began: float
    stages: tuple[Stage, ...]
    expected: dict[str, float] = field(default_factory=dict)
    status: str = RUNNING
    release: str | None = None
    ended: float | None = None
    message: str = ""
    is_open: bool | None = None

    @property
    def stage(self) -> Stage | None:
        """The stage that runs, or that was running when everything stopped."""
        return next((stage for stage in self.stages if stage.began and not stage.ended), None)

    def time_left(self, now: float) -> float | None:
        """Seconds left, from what earlier trainings took; None when there was none."""
        ahead = [stage for stage in self.stages if not stage.ended]
        if self.status != RUNNING or any(stage.name not in self.expected for stage in ahead):
            return None
        return sum(_left(stage, self.expected[stage.name], now) for stage in ahead)

    def to_dict(self) -> dict[str, Any]:
        """The state as plain JSON."""
        return asdict(self)


class Progress:
    """Writes the state of one training as it goes; `tell` is called with each new state."""

    def __init__(self, models: Path, state: State, tell: Callable[[State], None]) -> None:
        """Follow `state` in the folder `models`."""
        self.state = state
        self._models = models
        self._tell = tell
        self._written = 0.0

    @classmethod
    def begin(
        cls, models: Path, by: str, reason: str, stages: Sequence[str], tell: Callable[[State], None]
    ) -> Progress:
        """Begin a training that goes through `stages`."""
        expected = {name: value for name, value in (read_json(models / DURATIONS_FILE) or {}).items() if name in LABELS}
        state = State(by, reason, time.time(), tuple(map(Stage, stages)), expected)
        progress = cls(models, state, tell)
        progress.change()
        return progress

    @contextmanager
    def stage(self, name: str, total: int = 0) -> Iterator[Callable[[], None]]:
        """Go through one stage; gives what to call for each of the `total` things done."""
        self._change_stage(name, began=time.time(), total=total)
        yield lambda: self._advance(name)
        self._change_stage(name, ended=time.time())

    def name_release(self, release: str) -> None:
        """Say which release is being made."""
        self.change(release=release)

    def finish(self, sentence: str, is_open: bool) -> None:
        """Say that everything went to its end, and what the gate says; remember how long it took."""
        self.change(status=DONE, ended=time.time(), message=sentence, is_open=is_open)
        known = read_json(self._models / DURATIONS_FILE) or {}
        took = {stage.name: stage.ended - stage.began for stage in self.state.stages if stage.began and stage.ended}
        # The average leans on the last one: a content grows, a machine changes.
        lasting = {name: (known.get(name, seconds) + seconds) / 2 for name, seconds in took.items()}
        write_json(self._models / DURATIONS_FILE, known | lasting)

    def fail(self, message: str, status: str = FAILED) -> None:
        """Say that it did not work, where and what to do. A full disk is no reason to say nothing on screen."""
        with contextlib.suppress(OSError):
            self.change(status=status, ended=time.time(), message=message)

    def change(self, **changes: Any) -> None:
        """Change the state, write it down, tell it."""
        self.state = replace(self.state, **changes)
        self._tell(self.state)
        self._written = time.monotonic()
        write_json(self._models / STATE_FILE, self.state.to_dict())

    def _advance(self, name: str) -> None:
        self.state = replace(self.state, stages=_with(self.state.stages, name, one_more=True))
        if time.monotonic() - self._written > _EVERY:
            self.change()

    def _change_stage(self, name: str, **changes: Any) -> None:
        self.change(stages=_with(self.state.stages, name, **changes))


def read_state(models: Path) -> State | None:
    """How the last training is doing, or how it ended; None when there was none."""
    state = _load(models)
    if state is None or state.status != RUNNING or locks.is_held(models, locks.TRAINING):
        return state
    # It wrote its end before it let go of the lock, so the file is read once more.
    state = _load(models)
    if state is None or state.status != RUNNING:
        return state
    return replace(state, status=INTERRUPTED, message=describe_interruption(state))


def describe_interruption(state: State) -> str:
    """What is said of a training that stopped without a word."""
    where = f" pendant « {state.stage.label} »" if state.stage else ""
    return (
        f"L’entraînement s’est arrêté d’un coup{where} : la machine l’a sans doute arrêté (mémoire insuffisante, "
        "disque plein ou redémarrage). Rien n’a changé pour les habitants. Libérez de la place, puis recommencez."
    )


def _load(models: Path) -> State | None:
    content = read_json(models / STATE_FILE)
    return State(**content | {"stages": tuple(Stage(**stage) for stage in content["stages"])}) if content else None


def _with(stages: tuple[Stage, ...], name: str, one_more: bool = False, **changes: Any) -> tuple[Stage, ...]:
    def changed(stage: Stage) -> Stage:
        return replace(stage, done=stage.done + 1) if one_more else replace(stage, **changes)

    return tuple(changed(stage) if stage.name == name else stage for stage in stages)


def _left(stage: Stage, expected: float, now: float) -> float:
    if stage.began is None:
        return expected
    elapsed = now - stage.began
    if stage.done and stage.total:
        return elapsed * (stage.total - stage.done) / stage.done
    return max(expected - elapsed, 0.0)
