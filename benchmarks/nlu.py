"""`python -m benchmarks.nlu DATA`: how well messages are understood, on public data that nobody here wrote.

DATA is the folder of a few-shot split of MASSIVE (fr-FR): `train_seed*.csv`, `test_noise.csv` (the same test sentences
in several hands) and `test_oos.csv` (sentences of no trained intent), each with the columns `text` and `intent`. The
spelling, the featurizers and the classifier are those of the assistant, trained on each draw in turn.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.markdown import Markdown
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.metrics import roc_auc_score

from benchmarks.errors import BenchmarkError
from benchmarks.machine import describe_machine
from benchmarks.report import format_number, write_section
from components import kernel_model
from components.sentence_encoder import encode
from knowledge.content import content_folder, shared_langues
from knowledge.langues import FRENCH
from knowledge.spelling import Corrector, load_abbreviations
from knowledge.text import fold_case, normalize

RESULTS = Path(__file__).parent / "RESULTS.md"
SECTION = "comprehension"
CLEAN = "clean"
TIMED = 300


@dataclass(frozen=True)
class Rows:
    """Sentences of one file; `hands` says how each was written, or is empty."""

    texts: list[str]
    intents: np.ndarray
    hands: list[str]


class Pipeline:
    """The assistant's spelling, featurizers and classifier, trained on one draw of examples."""

    def __init__(self, train: Rows, corrects: bool) -> None:
        """Train; without `corrects` the sentences are taken as they were typed."""
        self._corrector = _make_corrector(train.texts) if corrects else None
        self._ngrams = CountVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, max_features=20000)
        self._ngrams.fit([normalize(text) for text in self._read(train.texts)])
        self._model, _ = kernel_model.fit(*self._features(train.texts), train.intents)

    def predict(self, texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """The intent of each sentence, (n,), and how much it looks like one that was trained, (n,)."""
        dense, counts = self._features(texts)
        probabilities = self._model.probabilities(dense, counts)
        first = probabilities.argmax(axis=1)
        return self._model.classes[first], probabilities.max(axis=1) * self._model.likeness(dense, first)

    def _read(self, texts: Sequence[str]) -> list[str]:
        return [self._corrector.correct(text) for text in texts] if self._corrector else list(texts)

    def _features(self, texts: Sequence[str]) -> tuple[np.ndarray, csr_matrix]:
        read = self._read(texts)
        counts = self._ngrams.transform([normalize(text) for text in read])
        return encode([fold_case(text) for text in read]), csr_matrix(counts)


@dataclass(frozen=True)
class Score:
    """One side: accuracy by hand, separation of off-topic sentences, seconds for one sentence."""

    accuracy: dict[str, float]
    auroc: float
    seconds: float


def measure(data: Path, corrects: bool) -> Score:
    """Mean over the draws of `data`. Raises BenchmarkError when the files are not there."""
    test, off_topic = _read_rows(data / "test_noise.csv"), _read_rows(data / "test_oos.csv")
    draws = sorted(data.glob("train_seed*.csv"))
    if not draws:
        raise BenchmarkError(f"Il n’y a pas de fichier train_seed*.csv dans {data}.")
    accuracies: dict[str, list[float]] = {}
    areas, seconds = [], []
    for draw in draws:
        pipeline = Pipeline(_read_rows(draw), corrects)
        found, likeness = pipeline.predict(test.texts)
        for hand in dict.fromkeys(test.hands):
            chosen = np.array([other == hand for other in test.hands])
            accuracies.setdefault(hand, []).append(float((found == test.intents)[chosen].mean()))
        known = likeness[np.array([hand == CLEAN for hand in test.hands])]
        _, unknown = pipeline.predict(off_topic.texts)
        is_known = np.repeat([1, 0], [len(known), len(unknown)])
        areas.append(float(roc_auc_score(is_known, np.concatenate([known, unknown]))))
        seconds.append(_time(pipeline, off_topic.texts[:TIMED]))
    means = {hand: float(np.mean(values)) for hand, values in accuracies.items()}
    return Score(means, float(np.mean(areas)), float(np.median(seconds)))


def render(scores: dict[str, Score], data: Path, today: date) -> str:
    """The section of RESULTS.md."""
    sides = list(scores)
    head = [f"| | {' | '.join(sides)} |", f"|---|{'---|' * len(sides)}"]
    hands = list(scores[sides[0]].accuracy)
    rows = [_row(hand, [100 * scores[side].accuracy[hand] for side in sides], 1) for hand in hands]
    rows.append(_row("hors sujet (AUROC)", [scores[side].auroc for side in sides], 3))
    rows.append(_row("ms par phrase", [1000 * scores[side].seconds for side in sides], 1))
    machine = describe_machine()
    where = f"{today.isoformat()} · {machine.cores} cœurs {machine.processor}, Python {machine.python}"
    how = (
        f"Justesse en % par façon d’écrire, moyenne des tirages de `{data.name}` (MASSIVE fr-FR, CC BY 4.0) ; "
        "les phrases hors sujet sont d’intentions jamais apprises. Pour refaire ces mesures : `make bench-nlu DATA=…`"
    )
    return "\n\n".join(["## Comprendre des phrases que personne ici n’a écrites", where, "\n".join(head + rows), how])


def main() -> int:
    """Run the command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.nlu", description=__doc__)
    parser.add_argument("data", type=Path, help="folder of the split")
    parser.add_argument("--dry-run", action="store_true", help="print the table, leave RESULTS.md alone")
    arguments = parser.parse_args()
    console = Console()
    try:
        sides = {"telles quelles": False, "orthographe corrigée": True}
        scores = {name: measure(arguments.data, corrects) for name, corrects in sides.items()}
    except (BenchmarkError, OSError) as error:
        console.print(f"[red]{error}[/red]")
        return 1
    section = render(scores, arguments.data, date.today())
    console.print(Markdown(section))
    if not arguments.dry_run:
        write_section(RESULTS, SECTION, section)
    return 0


def _make_corrector(texts: Sequence[str]) -> Corrector:
    foreign = {word for langue, words in shared_langues().mots.items() if langue != FRENCH for word in words}
    return Corrector((), texts, load_abbreviations(content_folder()), foreign - shared_langues().mots[FRENCH])


def _read_rows(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return Rows([r["text"] for r in rows], np.array([r["intent"] for r in rows]), [r.get("noise", "") for r in rows])


def _time(pipeline: Pipeline, texts: Sequence[str]) -> float:
    """Median seconds for one sentence, one after the other."""
    taken = []
    for text in texts:
        start = time.perf_counter()
        pipeline.predict([text])
        taken.append(time.perf_counter() - start)
    return float(np.median(taken))


def _row(title: str, values: Sequence[float], decimals: int) -> str:
    return f"| {title} | {' | '.join(format_number(value, decimals) for value in values)} |"


if __name__ == "__main__":
    sys.exit(main())
