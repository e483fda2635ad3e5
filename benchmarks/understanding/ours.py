"""The assistant's spelling, featurizers and classifier: `python -m benchmarks.understanding.ours TASK ANSWERS`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer

from benchmarks.understanding.exchange import read_task, time_one, write_answers
from components import kernel_model
from components.sentence_encoder import encode
from knowledge.content import content_folder, shared_langues
from knowledge.langues import FRENCH
from knowledge.spelling import Corrector, load_abbreviations
from knowledge.text import fold_case, normalize

AS_TYPED = "--as-typed"


class Pipeline:
    """The pipeline of `config.yml` without Rasa, trained on one draw of examples."""

    def __init__(self, texts: Sequence[str], intents: Sequence[str], corrects: bool) -> None:
        """Train; without `corrects` the sentences are taken as they were typed."""
        self._corrector = _make_corrector(texts) if corrects else None
        self._ngrams = CountVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, max_features=20000)
        self._ngrams.fit([normalize(text) for text in self._read(texts)])
        self._model, _ = kernel_model.fit(*self._features(texts), np.array(intents))

    def predict(self, texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """The intent of each sentence, (n,), and how much it looks like one that was trained, (n,)."""
        dense, counts = self._features(texts)
        scores, likeness = self._model.read(dense, counts, np.full(len(texts), True))
        return self._model.classes[scores.argmax(axis=1)], scores.max(axis=1) * likeness

    def _read(self, texts: Sequence[str]) -> list[str]:
        return [self._corrector.correct(text) for text in texts] if self._corrector else list(texts)

    def _features(self, texts: Sequence[str]) -> tuple[np.ndarray, csr_matrix]:
        read = self._read(texts)
        counts = self._ngrams.transform([normalize(text) for text in read])
        return encode([fold_case(text) for text in read]), csr_matrix(counts)


def main() -> None:
    """Learn the task, answer it, write what it took."""
    task_path, answers_path = sys.argv[1:3]
    task = read_task(Path(task_path))
    # What an intent is called is one more example of it, as the titles of the fiches are.
    names = [(intent.replace("_", " "), intent) for intent in sorted({intent for _, intent in task["train"]})]
    texts, intents = zip(*task["train"], *names, strict=True)
    pipeline = Pipeline(texts, intents, corrects=AS_TYPED not in sys.argv)
    found, scores = pipeline.predict(task["texts"])
    seconds = time_one(lambda text: pipeline.predict([text]), task["texts"])
    write_answers(Path(answers_path), found.tolist(), scores.tolist(), seconds)


def _make_corrector(texts: Sequence[str]) -> Corrector:
    foreign = {word for langue, words in shared_langues().mots.items() if langue != FRENCH for word in words}
    return Corrector((), texts, load_abbreviations(content_folder()), foreign - shared_langues().mots[FRENCH])


if __name__ == "__main__":
    main()
