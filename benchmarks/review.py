"""`python -m benchmarks.review`: a month of questions in « À revoir », and what fifteen minutes a week teach.

A month of traffic is drawn from the phrases of the exam: few of them are asked by many people, most by a few
(Zipf), each time with slips of the finger. A simulated assistant, trained on the content, answers them; the real
review list (`gateway.review`, SQLite) ranks them. One reviewer decides on what a week asks for, the other on
everything; both know the right subject, and teach the phrases that were wrongly understood. What each gains is
measured on another month, drawn the same way. The assistant is simulated (character n-grams and a linear model)
because it is trained many times: what is compared is the two reviewers, not the assistant. Nothing of the exam is
written anywhere.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.markdown import Markdown
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import make_pipeline

from benchmarks.machine import describe_machine
from benchmarks.report import format_number, write_section
from gateway.database import Database
from gateway.questions import Understood, insert_questions
from gateway.review import HORS_SUJET, PER_WEEK, SUJET, Review
from gateway.review_groups import Grouping, importance_in
from gateway.review_sample import JUSTE, Sampling
from knowledge.base import KnowledgeBase
from knowledge.examples import Examples
from knowledge.intents import OFF_TOPIC
from training.exam import load_exam

RESULTS = Path(__file__).parent / "RESULTS.md"
SECTION = "a-revoir"
MONTH, WEEKS = 20_000, 4
FIRST_DAY = date(2026, 11, 2)
# How the number of askings falls from one phrase to the next.
ZIPF = 1.05
SLIPS = 0.25
ANSWERED_FROM = 0.5
OPENINGS = 5


@dataclass(frozen=True)
class Phrase:
    """A phrase of the exam and the subjects that may answer it."""

    text: str
    subjects: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What one reviewer did: decisions, phrases taught, and the share of right answers after each week."""

    decisions: int
    taught: int
    right: tuple[float, ...]


class Assistant:
    """A light stand-in: what matters here is that it is wrong at times, and learns."""

    def __init__(self, examples: Sequence[Phrase]) -> None:
        """Train on phrases with one subject each."""
        words = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), min_df=2, sublinear_tf=True)
        self._model = make_pipeline(words, SGDClassifier(loss="log_loss", alpha=2e-5, random_state=1, max_iter=20))
        self._model.fit([phrase.text.lower() for phrase in examples], [phrase.subjects[0] for phrase in examples])

    def understand(self, texts: Sequence[str]) -> list[list[tuple[str, float]]]:
        """The four first subjects of each text."""
        weights = self._model.predict_proba([text.lower() for text in texts])
        order = np.argsort(-weights, axis=1)[:, :4]
        classes = self._model.classes_
        pairs = zip(weights, order, strict=True)
        return [[(str(classes[place]), float(row[place])) for place in best] for row, best in pairs]

    def score(self, asked: Sequence[Phrase]) -> float:
        """The share of right answers."""
        found = self.understand([phrase.text for phrase in asked])
        return float(np.mean([best[0][0] in phrase.subjects for best, phrase in zip(found, asked, strict=True)]))


def read_phrases(exam: Path) -> list[Phrase]:
    """The single messages of the exam that have one of our subjects, or none."""
    phrases = []
    for part in load_exam(exam):
        for (turn, *others) in part.conversations:
            if part.name == "hors_sujet":
                phrases.append(Phrase(turn.message, (OFF_TOPIC,)))
            elif turn.subjects and not others and "alert" not in turn.kinds:
                phrases.append(Phrase(turn.message, turn.subjects))
    return phrases


def draw(phrases: Sequence[Phrase], count: int, chance: random.Random) -> list[Phrase]:
    """Questions as they come: few phrases asked often, each asking with its own slips."""
    weights = [1 / (rank + 1) ** ZIPF for rank in range(len(phrases))]
    asked = chance.choices(phrases, weights, k=count)
    return [Phrase(slip(phrase.text, chance), phrase.subjects) for phrase in asked]


def slip(text: str, chance: random.Random) -> str:
    """One letter left out or swapped, at times."""
    if len(text) < 6 or chance.random() > SLIPS:
        return text
    place = chance.randrange(1, len(text) - 2)
    swapped = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    return swapped if chance.random() < 0.5 else text[:place] + text[place + 1 :]


class Reviewer:
    """One reviewer on a database of their own, during the month."""

    def __init__(self, folder: Path, base: KnowledgeBase, examples: Sequence[Phrase], limit: int | None) -> None:
        """`limit`: decisions a week, none for a reviewer who reads everything."""
        database = Database(f"sqlite:///{folder}/app.db")
        database.prepare()
        self.review, self.sampling = Review(database), Sampling(database)
        self._database = database
        self._grouping = Grouping(database, lambda subject: importance_in(base, subject))
        self._examples = list(examples)
        self._limit = limit
        self._truth: dict[str, tuple[str, ...]] = {}
        self.assistant = Assistant(self._examples)
        self.decisions = self.taught = 0

    def live(self, asked: Sequence[Phrase], monday: date) -> None:
        """A week: the questions come in, then the reviewer reads, teaches, and the assistant is trained again."""
        self._receive(asked, monday)
        self._grouping.run()
        taught = self.taught
        self._decide(monday + timedelta(days=4))
        if self.taught > taught:
            self.assistant = Assistant(self._examples)

    def _receive(self, asked: Sequence[Phrase], monday: date) -> None:
        found = self.assistant.understand([phrase.text for phrase in asked])
        by_day: dict[date, list[Understood]] = {}
        for number, (phrase, best) in enumerate(zip(asked, found, strict=True)):
            self._truth[phrase.text] = phrase.subjects
            subject, confidence = best[0]
            kind = "answer" if confidence >= ANSWERED_FROM and subject != OFF_TOPIC else "fallback"
            understood = Understood(phrase.text, subject, confidence, tuple(best[1:]), "fr", kind, subject)
            by_day.setdefault(monday + timedelta(days=number % 5), []).append(understood)
        with self._database.writing() as db:
            for day, questions in by_day.items():
                insert_questions(db, None, "r", questions, day)

    def _decide(self, day: date) -> None:
        left = self._limit if self._limit is not None else sys.maxsize
        while left > 0 and (lines := self.review.list_open(day, limit=min(left, 500))):
            for line in lines[:left]:
                target = self._truth[line.text]
                decision = JUSTE if line.subject in target else HORS_SUJET if target == (OFF_TOPIC,) else SUJET
                self.review.decide(line.id, decision, "scripted", day, target=target[0])
                self.decisions += 1
                left -= 1
                if decision != JUSTE:
                    self._examples.append(Phrase(line.text, target))
                    self.taught += 1


def play(limit: int | None, phrases: Sequence[Phrase], base: KnowledgeBase, examples: Sequence[Phrase]) -> Outcome:
    """A month with one reviewer; the same month and the same test for everybody."""
    chance = random.Random(7)
    month, test = draw(phrases, MONTH, chance), draw(phrases, MONTH // 5, chance)
    with tempfile.TemporaryDirectory() as folder:
        reviewer = Reviewer(Path(folder), base, examples, limit)
        right = [reviewer.assistant.score(test)]
        for week in range(WEEKS):
            asked = month[week * MONTH // WEEKS : (week + 1) * MONTH // WEEKS]
            reviewer.live(asked, FIRST_DAY + timedelta(weeks=week))
            right.append(reviewer.assistant.score(test))
    return Outcome(reviewer.decisions, reviewer.taught, tuple(right))


def time_opening(phrases: Sequence[Phrase], base: KnowledgeBase, examples: Sequence[Phrase]) -> float:
    """Seconds to read what the screen shows, with a month of questions and nothing decided; the median of OPENINGS."""
    with tempfile.TemporaryDirectory() as folder:
        reviewer = Reviewer(Path(folder), base, examples, limit=0)
        for week in range(WEEKS):
            reviewer.live(draw(phrases, MONTH // WEEKS, random.Random(week)), FIRST_DAY + timedelta(weeks=week))
        day = FIRST_DAY + timedelta(weeks=WEEKS - 1, days=4)
        return statistics.median(_time_once(reviewer, day) for _ in range(OPENINGS))


def _time_once(reviewer: Reviewer, day: date) -> float:
    began = time.perf_counter()
    reviewer.sampling.draw(day)
    reviewer.sampling.estimate()
    lines = reviewer.review.list_open(day)
    reviewer.review.progress(day)
    reviewer.review.count_decided()
    assert lines
    return time.perf_counter() - began


def render(limited: Outcome, unlimited: Outcome, opening: float, phrases: int, today: date) -> str:
    """The section of RESULTS.md."""
    machine = describe_machine()
    gains = [100 * (one.right[-1] - one.right[0]) for one in (limited, unlimited)]
    rows = [
        "| | un quart d’heure par semaine | tout relire |",
        "|---|---|---|",
        f"| décisions en {WEEKS} semaines | {limited.decisions} | {unlimited.decisions} |",
        f"| exemples appris | {limited.taught} | {unlimited.taught} |",
        f"| réponses justes avant | {_share(limited.right[0])} | {_share(unlimited.right[0])} |",
        f"| réponses justes après | {_share(limited.right[-1])} | {_share(unlimited.right[-1])} |",
        f"| gain, en points | {format_number(gains[0], 1)} | {format_number(gains[1], 1)} |",
    ]
    kept = gains[0] / gains[1] if gains[1] > 0 else float("nan")
    said = (
        f"Avec {PER_WEEK} décisions par semaine, les plus utiles d’abord : **{format_number(100 * kept, 0)} %** du "
        f"gain de qui relit tout. Lire ce que montre « À revoir », {MONTH} questions gardées et aucune décidée : "
        f"**{format_number(1000 * opening, 0)} ms** (médiane de {OPENINGS}, sans le dessin de la page)."
    )
    how = (
        f"Un mois de {MONTH} questions tirées de {phrases} phrases de l’examen, quelques-unes très demandées et la "
        "plupart peu, avec des fautes de frappe ; justesse mesurée sur un autre tirage. Assistant simulé (lettres et "
        "modèle linéaire) : ce sont les deux relecteurs qui sont comparés, pas l’assistant. Pour refaire ces mesures : "
        "`python -m benchmarks.review`"
    )
    where = f"{today.isoformat()} · {machine.cores} cœurs {machine.processor}, Python {machine.python}"
    load = f"charge {format_number(machine.load, 2)}"
    return "\n\n".join(["## Relire un quart d’heure par semaine", f"{where} · {load}", "\n".join(rows), said, how])


def _share(share: float) -> str:
    return f"{format_number(100 * share, 1)} %"


def main() -> int:
    """Run the command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.review", description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="print the table, leave RESULTS.md alone")
    arguments = parser.parse_args()
    data = Path("data")
    base = KnowledgeBase.load(data)
    phrases = read_phrases(Path("tests/questions"))
    random.Random(3).shuffle(phrases)
    examples = [Phrase(example.text, (example.subject,)) for example in Examples.load(data, base)]
    opening = time_opening(phrases, base, examples)
    limited, unlimited = (play(limit, phrases, base, examples) for limit in (PER_WEEK, None))
    section = render(limited, unlimited, opening, len(phrases), date.today())
    Console().print(Markdown(section))
    if not arguments.dry_run:
        write_section(RESULTS, SECTION, section)
    return 0


if __name__ == "__main__":
    sys.exit(main())
