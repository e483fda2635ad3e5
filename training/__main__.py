"""`python -m training {train,evaluate,gate,publish,list}`: releases from the command line, with progress."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from knowledge.marked_yaml import FicheError
from training import candidate, evaluate, exam, gate, model, releases, report

# Each of them says in French what is wrong and what to do.
REFUSALS = (
    FicheError,
    candidate.CandidateFailed,
    exam.ExamError,
    model.TrainingFailed,
    releases.ReleaseError,
)
console = Console()


def main() -> int:
    """Run one command; 0 when it succeeded, 1 with one clear sentence when it did not."""
    arguments = _parse_arguments()
    try:
        return int(arguments.command(arguments))
    except REFUSALS as error:
        _say(str(error), style="bold red")
        return 1
    except KeyboardInterrupt:
        _say("Interrompu : rien n’a changé pour les habitants.")
        return 130


def train(arguments: argparse.Namespace) -> int:
    """Make a new release from the working folder."""
    manifest = _train(arguments)
    _say(f"Version {manifest.id} prête. Publier : python -m training publish {manifest.id}")
    return 0


def evaluate_release(arguments: argparse.Namespace) -> int:
    """Run the exam on a release and keep the result with it."""
    _evaluate(arguments, _chosen(arguments))
    return 0


def judge_release(arguments: argparse.Namespace) -> int:
    """Say whether a release may be published."""
    verdict = _judge(arguments, _chosen(arguments))
    _say(verdict.sentence)
    return 0 if verdict.is_open else 1


def publish_release(arguments: argparse.Namespace) -> int:
    """Publish a release that the gate lets through."""
    release = _chosen(arguments)
    verdict = _judge(arguments, release)
    _say(verdict.sentence)
    if not verdict.is_open:
        return 1
    releases.publish(arguments.models, release)
    _say(f"Version {release} publiée.")
    return 0


def list_releases(arguments: argparse.Namespace) -> int:
    """Print every release, the newest first."""
    published = releases.current_id(arguments.models)
    for manifest in releases.list_releases(arguments.models):
        mark = "→" if manifest.id == published else " "
        _say(f"{mark} {manifest.id}  {manifest.made_at}  {manifest.made_by}  {manifest.reason}")
    return 0


def prepare(arguments: argparse.Namespace) -> int:
    """For `make run`: train and publish when nothing is published yet."""
    if releases.current_id(arguments.models):
        return 0
    _say("Pas encore de version : premier entraînement (moins d’une minute).")
    manifest = _train(arguments)
    releases.publish(arguments.models, manifest.id)
    return 0


def _train(arguments: argparse.Namespace) -> releases.Manifest:
    def train_with_progress(folder: Path) -> None:
        with console.status("Entraînement en cours…"):
            model.train_model(folder)

    return releases.make_release(arguments.models, Path.cwd(), arguments.made_by, arguments.reason, train_with_progress)


def _evaluate(arguments: argparse.Namespace, release: str) -> dict[str, object]:
    slices = exam.load_exam(arguments.exam)
    with candidate.running(arguments.models / release) as running, _progress() as progress:
        task = progress.add_task("Examen", total=sum(len(part.conversations) for part in slices))
        advance: Callable[[], None] = lambda: progress.advance(task)  # noqa: E731
        results = evaluate.take_exam(running, slices, advance)
    report.print_evaluation(console, results, getattr(arguments, "faults", False))
    evaluation = {"exam": exam.exam_hash(arguments.exam), **evaluate.summarize(results)}
    releases.save_evaluation(arguments.models, release, evaluation)
    return evaluation


def _judge(arguments: argparse.Namespace, release: str) -> gate.Verdict:
    published = releases.current_id(arguments.models)
    before = _known_evaluation(arguments, published) if published and published != release else None
    return gate.judge(_known_evaluation(arguments, release), before)


def _known_evaluation(arguments: argparse.Namespace, release: str) -> dict[str, object]:
    known = releases.load_evaluation(arguments.models, release)
    if known and known.get("exam") == exam.exam_hash(arguments.exam):
        return known
    return _evaluate(arguments, release)


def _chosen(arguments: argparse.Namespace) -> str:
    """The release named on the command line, else the newest."""
    if arguments.release:
        return releases.load_manifest(arguments.models, arguments.release).id
    known = releases.list_releases(arguments.models)
    if not known:
        raise releases.ReleaseError("Il n’y a encore aucune version. Entraînez-en une : python -m training train")
    return known[0].id


def _say(text: str, style: str | None = None) -> None:
    """Print as it is: a message may hold brackets, and a path that is cut in two cannot be copied."""
    console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)


def _progress() -> Progress:
    doing, done = TextColumn("{task.description}"), MofNCompleteColumn()
    return Progress(SpinnerColumn(), doing, BarColumn(), done, TimeElapsedColumn(), console=console)


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="training", description=__doc__)
    models = Path(os.environ.get("ALLO_MODELS", "models"))
    parser.add_argument("--models", type=Path, default=models, help="folder of the releases (ALLO_MODELS)")
    commands = parser.add_subparsers(required=True, metavar="command")
    for name, command in (("train", train), ("prepare", prepare)):
        making = commands.add_parser(name, help=command.__doc__)
        making.add_argument("--reason", default="entraînement en ligne de commande", help="why this release is made")
        making.add_argument("--by", dest="made_by", default=getpass.getuser(), help="who makes it")
        making.set_defaults(command=command)
    for name, command in (("evaluate", evaluate_release), ("gate", judge_release), ("publish", publish_release)):
        reading = commands.add_parser(name, help=command.__doc__)
        reading.add_argument("release", nargs="?", help="id of the release (the newest by default)")
        reading.add_argument("--exam", type=Path, default=Path("tests/questions"), help="folder of the exam")
        reading.add_argument("--faults", action="store_true", help="print every wrong answer")
        reading.set_defaults(command=command)
    commands.add_parser("list", help=list_releases.__doc__).set_defaults(command=list_releases)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
