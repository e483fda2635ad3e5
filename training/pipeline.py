"""From the working folder to a verdict: read, train, examine, compare, judge. Publishing is a person's step.

The command line and the console run the same functions, the console in a process of its own. What goes wrong is
written where everybody looks (`training.progress`), and changes nothing for residents.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.base import KnowledgeBase
from knowledge.fiches import FicheError
from training import candidate, changes, evaluate, exam, gate, locks, model, picture, publication, releases
from training.failures import explain_error
from training.progress import (
    COMPARING,
    EXAMINING,
    INTERRUPTED,
    JUDGING,
    LEARNING,
    READING,
    Progress,
    State,
)

TRAIN_STAGES = (READING, LEARNING, EXAMINING, COMPARING, JUDGING)
EXAM_STAGES = (READING, EXAMINING, COMPARING, JUDGING)
INTERRUPTION = "Interrompu : rien n’a changé pour les habitants."

Tell = Callable[[State], None]


class PipelineFailed(Exception):
    """A stage did not work; the message is in French, says which and what to do."""


# Each of them says in French what is wrong and what to do.
_SPOKEN = (FicheError, candidate.CandidateFailed, exam.ExamError, model.TrainingFailed, releases.ReleaseError)


@dataclass(frozen=True)
class Order:
    """Who asks, why, in which folders, with which of residents' questions to ask again."""

    models: Path
    project: Path
    by: str
    reason: str
    questions: tuple[changes.Question, ...] = ()
    keep: int = publication.KEEP


@dataclass(frozen=True)
class Outcome:
    """What came out: the release, its marks, what it changes (None for a first release), and the verdict."""

    release: str
    results: Sequence[evaluate.SliceResult]
    changes: changes.Changes | None
    verdict: gate.Verdict


def train(order: Order, tell: Tell) -> Outcome:
    """Make a release from the working folder and take it to the verdict. Raises PipelineFailed or Busy."""
    with _at_work(order, TRAIN_STAGES, tell) as progress:
        slices = _read(order, progress)
        # What examines the release loads in what the training leaves of the processor.
        with candidate.standing_by(_count(slices) + len(order.questions), model.TRAINING_BYTES) as waiting:
            with progress.stage(LEARNING):
                manifest = releases.make_release(order.models, order.project, order.by, order.reason, model.train_model)
            outcome = _examine(order, manifest.id, slices, progress, waiting)
    # Whoever publishes at this moment removes the old ones too.
    with contextlib.suppress(locks.Busy):
        publication.prune(order.models, order.keep, order.by)
    return outcome


def examine(order: Order, release: str, tell: Tell) -> Outcome:
    """Take a release that exists to the verdict, on today's exam. Raises PipelineFailed or Busy."""
    with _at_work(order, EXAM_STAGES, tell) as progress:
        return _examine(order, release, _read(order, progress), progress)


@contextmanager
def _at_work(order: Order, stages: Sequence[str], tell: Tell) -> Iterator[Progress]:
    """Alone at it, from a clean folder, with every failure written down."""
    with locks.exclusive(order.models, locks.TRAINING, order.by):
        releases.remove_unfinished(order.models)
        with _failures_told(None):
            progress = Progress.begin(order.models, order.by, order.reason, stages, tell)
        with _failures_told(progress):
            yield progress


@contextmanager
def _failures_told(progress: Progress | None) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        if progress:
            progress.fail(INTERRUPTION, INTERRUPTED)
        raise
    except Exception as error:
        message = str(error) if isinstance(error, _SPOKEN) else explain_error(error)
        where = _where(progress)
        told = f"{where} {message} Rien n’a changé pour les habitants." if message else f"{where} Erreur inattendue."
        if progress:
            progress.fail(told)
        if message is None:
            raise
        raise PipelineFailed(told) from error


def _where(progress: Progress | None) -> str:
    stage = progress.state.stage if progress else None
    return f"Échec pendant « {stage.label} »." if stage else "Échec."


def _read(order: Order, progress: Progress) -> list[exam.Slice]:
    """Read what will be learnt and asked: what does not read is said before anything slow."""
    with progress.stage(READING):
        KnowledgeBase.load(order.project / "data")
        return exam.load_exam(order.project / exam.EXAM_FOLDER)


def _examine(
    order: Order,
    release: str,
    slices: Sequence[exam.Slice],
    progress: Progress,
    waiting: candidate.StandBy | None = None,
) -> Outcome:
    progress.name_release(release)
    questions = order.questions
    asked, folder = _count(slices) + len(questions), order.models / release
    with progress.stage(EXAMINING, asked) as advance, candidate.running(folder, asked, waiting) as running:
        results = evaluate.take_exam(running, slices, advance)
        given = changes.replay(running, questions, advance)
    evaluation = _keep(order, release, results)
    # One release at a time: a small machine has no room for both beside the one that answers residents.
    with progress.stage(COMPARING, len(questions)) as advance:
        found = _compare(order, release, evaluation, slices, given, advance)
    with progress.stage(JUDGING):
        verdict = publication.judge(order.models, order.project, release)
    progress.finish(verdict.sentence, verdict.is_open)
    return Outcome(release, results, found, verdict)


def _compare(
    order: Order,
    release: str,
    evaluation: dict[str, Any],
    slices: Sequence[exam.Slice],
    given: dict[str, exam.Given],
    advance: Callable[[], None],
) -> changes.Changes | None:
    """Ask the published release the same; it takes the exam again only when the exam has changed."""
    published = releases.current_id(order.models)
    if published is None or published == release:
        return None
    before = releases.load_evaluation(order.models, published)
    is_known = before is not None and before["exam"] == evaluation["exam"]
    given_before: dict[str, exam.Given] = {}
    if order.questions or not is_known:
        asked = len(order.questions) + (0 if is_known else _count(slices))
        with candidate.running(order.models / published, asked) as running:
            given_before = changes.replay(running, order.questions, advance)
            if not is_known:
                before = _keep(order, published, evaluate.take_exam(running, slices, lambda: None))
    assert before is not None
    different = [
        *changes.compare_exams(before, evaluation),
        *changes.compare_real(order.questions, given_before, given),
    ]
    asked = len(evaluation["answers"]) + len(order.questions)
    found = changes.Changes(published, release, asked, changes.sort_changes(different))
    changes.save_changes(order.models, found)
    return found


def _keep(order: Order, release: str, results: Sequence[evaluate.SliceResult]) -> dict[str, Any]:
    exam_hash = exam.exam_hash(order.project / exam.EXAM_FOLDER)
    evaluation = {"exam": exam_hash, **evaluate.summarize(results), "answers": evaluate.list_answers(results)}
    releases.save_evaluation(order.models, release, evaluation)
    picture.draw_confusions(order.models / release / picture.FILE, results)
    return evaluation


def _count(slices: Sequence[exam.Slice]) -> int:
    return sum(len(part.conversations) for part in slices)
