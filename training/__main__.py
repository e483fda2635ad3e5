"""`python -m training {train,evaluate,gate,publish,rollback,list}`: releases from the command line, with progress."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path

from rich.console import Console

from knowledge import machine
from training import changes, exam, locks, pipeline, publication, releases, report
from training.display import show_bars, show_json
from training.progress import FAILED, INTERRUPTED, State, read_state

# Each of them says in French what is wrong and what to do.
REFUSALS = (pipeline.PipelineFailed, releases.ReleaseError, locks.Busy, exam.ExamError)
DISPLAYS: dict[str, Callable[[Console], AbstractContextManager[Callable[[State], None]]]] = {
    "bars": show_bars,
    "json": show_json,
}
console = Console()
NICENESS = 10


def main() -> int:
    """Run one command; 0 when it succeeded, 1 with one clear sentence when it did not."""
    arguments = _parse_arguments()
    # What a program reads on the standard output is nothing but progress.
    console.stderr = getattr(arguments, "progress", "") == "json"
    try:
        return int(arguments.command(arguments))
    except REFUSALS as error:
        _say(str(error), style="bold red")
        return 1
    except KeyboardInterrupt:
        _say(pipeline.INTERRUPTION)
        return 130


def train(arguments: argparse.Namespace) -> int:
    """Make a new release from the working folder, examine it, say what it changes and whether it may be published."""
    outcome = _train(arguments)
    verb = "Publier" if outcome.verdict.is_open else "Elle ne sera pas publiée"
    _say(f"Version {outcome.release} prête. {verb} : python -m training publish {outcome.release}")
    return 0


def evaluate_release(arguments: argparse.Namespace) -> int:
    """Run the exam on a release and keep the result with it."""
    release = publication.choose(arguments.models, arguments.release).id
    _examine(arguments, release)
    return 0


def judge_release(arguments: argparse.Namespace) -> int:
    """Say whether a release may be published."""
    verdict = publication.judge(arguments.models, arguments.project, _examined(arguments))
    _say(verdict.sentence)
    return 0 if verdict.is_open else 1


def publish_release(arguments: argparse.Namespace) -> int:
    """Publish a release that the gate lets through."""
    release = _examined(arguments)
    verdict = publication.publish(arguments.models, arguments.project, release, arguments.made_by, arguments.reason)
    _say(verdict.sentence)
    _say(f"Version {release} publiée.")
    publication.prune(arguments.models, arguments.keep, arguments.made_by)
    return 0


def roll_back(arguments: argparse.Namespace) -> int:
    """Go back to a release that was published before."""
    publication.rollback(arguments.models, arguments.release, arguments.made_by, arguments.reason)
    _say(f"Version {arguments.release} de nouveau publiée : modèle, contenu, seuils et réponses.")
    return 0


def list_releases(arguments: argparse.Namespace) -> int:
    """Print every release, the newest first."""
    published = releases.current_id(arguments.models)
    for manifest in releases.list_releases(arguments.models):
        mark = "→" if manifest.id == published else " "
        _say(f"{mark} {manifest.id}  {manifest.made_at}  {manifest.made_by}  {manifest.reason}")
    state = read_state(arguments.models)
    if state and state.status in (FAILED, INTERRUPTED):
        _say(f"Le dernier entraînement ({state.by}) n’a pas abouti. {state.message}", style="bold red")
    return 0


def prepare(arguments: argparse.Namespace) -> int:
    """For `make run`: train and publish when nothing is published yet."""
    if releases.current_id(arguments.models):
        return 0
    _say("Pas encore de version : premier entraînement et premier examen.")
    outcome = _train(arguments)
    publication.publish(arguments.models, arguments.project, outcome.release, arguments.made_by, arguments.reason)
    return 0


def _train(arguments: argparse.Namespace) -> pipeline.Outcome:
    _make_way()
    with DISPLAYS[arguments.progress](console) as tell:
        outcome = pipeline.train(_order(arguments), tell)
    return _report(arguments, outcome)


def _examine(arguments: argparse.Namespace, release: str) -> pipeline.Outcome:
    _make_way()
    with DISPLAYS[arguments.progress](console) as tell:
        outcome = pipeline.examine(_order(arguments), release, tell)
    return _report(arguments, outcome)


def _make_way() -> None:
    """On a machine that also answers residents, they come first, also when its memory runs short."""
    os.nice(max(0, NICENESS - os.nice(0)))
    machine.go_first(machine.TRAINING)


def _report(arguments: argparse.Namespace, outcome: pipeline.Outcome) -> pipeline.Outcome:
    if arguments.progress == "bars":
        report.print_evaluation(console, outcome.results, getattr(arguments, "faults", False))
        if outcome.changes:
            _say(outcome.changes.sentence)
        _say(outcome.verdict.sentence)
    return outcome


def _examined(arguments: argparse.Namespace) -> str:
    """The chosen release, once it and the published one have taken today's exam."""
    release = publication.choose(arguments.models, arguments.release).id
    try:
        publication.judge(arguments.models, arguments.project, release)
    except publication.NotExamined:
        _examine(arguments, release)
    return release


def _order(arguments: argparse.Namespace) -> pipeline.Order:
    questions = _read_questions(sys.stdin) if getattr(arguments, "replay", False) else ()
    return pipeline.Order(
        arguments.models, arguments.project, arguments.made_by, arguments.reason, questions, arguments.keep
    )


def _read_questions(lines: Iterable[str]) -> tuple[changes.Question, ...]:
    try:
        return changes.read_questions(lines)
    except ValueError as error:
        raise pipeline.PipelineFailed(f"Les questions à rejouer ne se lisent pas : {error}.") from None


def _say(text: str, style: str | None = None) -> None:
    """Print as it is: a message may hold brackets, and a path that is cut in two cannot be copied."""
    console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)


def _keep(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError("a whole number, 1 or more")
    return int(text)


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="training", description=__doc__)
    folders = {"models": "folder of the releases", "project": "working folder: content and exam"}
    for (name, meaning), default in zip(folders.items(), ("models", "."), strict=True):
        variable = f"ALLO_{name.upper()}"
        default = os.environ.get(variable) or default
        parser.add_argument(f"--{name}", type=Path, default=Path(default), help=f"{meaning} ({variable})")
    kept = os.environ.get("ALLO_KEEP_RELEASES") or str(publication.KEEP)
    parser.add_argument("--keep", type=_keep, default=kept, help="number of releases kept (ALLO_KEEP_RELEASES)")
    commands = parser.add_subparsers(required=True, metavar="command")
    _add_making(commands)
    _add_reading(commands)
    back = commands.add_parser("rollback", help=roll_back.__doc__)
    back.add_argument("release", help="id of a release that was published before")
    back.add_argument("--reason", required=True, help="why one goes back")
    back.add_argument("--by", dest="made_by", default=getpass.getuser(), help="who goes back")
    back.set_defaults(command=roll_back)
    commands.add_parser("list", help=list_releases.__doc__).set_defaults(command=list_releases)
    return parser.parse_args()


def _add_making(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    for name, command in (("train", train), ("prepare", prepare)):
        making = commands.add_parser(name, help=command.__doc__)
        making.add_argument("--replay", action="store_true", help="read residents' questions, as JSON lines, to replay")
        _add_common(making, command, "entraînement en ligne de commande")


def _add_reading(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    for name, command in (("evaluate", evaluate_release), ("gate", judge_release), ("publish", publish_release)):
        reading = commands.add_parser(name, help=command.__doc__)
        reading.add_argument("release", nargs="?", help="id of the release (the newest by default)")
        reading.add_argument(
            "--replay", action="store_true", help="read residents' questions, as JSON lines, to replay"
        )
        reading.add_argument("--faults", action="store_true", help="print every wrong answer")
        _add_common(reading, command, "publication en ligne de commande")


def _add_common(parser: argparse.ArgumentParser, command: Callable[[argparse.Namespace], int], reason: str) -> None:
    parser.add_argument("--reason", default=reason, help="why, in a few words")
    parser.add_argument("--by", dest="made_by", default=getpass.getuser(), help="who asks for it")
    parser.add_argument("--progress", choices=sorted(DISPLAYS), default="bars", help="for people or for programs")
    parser.set_defaults(command=command)


if __name__ == "__main__":
    sys.exit(main())
