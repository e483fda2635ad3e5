"""The bridge from the fiches to Rasa: one subject is one file, and Rasa is told of it here.

From the content folder come the training examples (`questions`), the intents (a fiche's slug, `list_<genre>`), the
entities (the genres) and one rule for each intent: answer from the knowledge base. Nothing is added by hand to
`domain.yml` for a new subject.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.exceptions import RasaException
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.common import cached_method

from knowledge.base import LIST_PREFIX
from knowledge.content import content_folder
from knowledge.fiches import Fiche, FicheError, fiche_paths, load_fiches
from knowledge.gazetteer import GENRES
from knowledge.genres import Genre, load_genres
from knowledge.marked_yaml import shown_path

ANSWER_ACTION = "action_answer"


class ContentError(RasaException):
    """The content cannot be learnt; the message, in French, says which file to mend (Rasa shows it as it is)."""


class FicheImporter(RasaFileImporter):
    """Adds the fiches to Rasa's own files, as examples, intents, entities and rules."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
    ) -> None:
        """Look for the content in the training data's folder, else in this process's own."""
        super().__init__(config_file, domain_path, training_data_paths)
        self._content = _find_content(training_data_paths)

    @cached_method
    def _fiches(self) -> tuple[Fiche, ...]:
        with _content_errors():
            return load_fiches(self._content)

    @cached_method
    def _genres(self) -> dict[str, Genre]:
        with _content_errors():
            return load_genres(self._content)

    def _questions(self) -> dict[str, tuple[str, ...]]:
        """Intent → its wordings, for the fiches and the lists that residents can ask about."""
        questions = {fiche.slug: fiche.questions for fiche in self._fiches() if fiche.questions}
        questions |= {LIST_PREFIX + slug: genre.questions for slug, genre in self._genres().items()}
        return questions

    def _titles(self) -> dict[str, str]:
        """Intent → what it is called, for fiches and lists."""
        titles = {fiche.slug: fiche.titre for fiche in self._fiches()}
        return titles | {LIST_PREFIX + slug: genre.titre for slug, genre in self._genres().items()}

    def get_domain(self) -> Domain:
        """`domain.yml` with one intent for each subject and one entity for each genre.

        Raises ContentError when a fiche has the name of an intent that is already there.
        """
        domain = super().get_domain()
        with _content_errors():
            _refuse_taken_names(self._content, domain.intents)
        subjects: dict[str, Any] = {
            "intents": [{slug: {"use_entities": []}} for slug in self._questions()],
            "entities": list(GENRES),
            "actions": [ANSWER_ACTION],
        }
        return domain.merge(Domain.from_dict(subjects))

    def get_nlu_data(self, language: str | None = "fr") -> TrainingData:
        """Rasa's NLU files with the questions of the fiches and of the lists. Neither depends on the language."""
        return self._nlu_data()

    @cached_method
    def _nlu_data(self) -> TrainingData:
        """Read once: Rasa asks three times while it trains, and merges a copy each time."""
        titles = self._titles()
        examples = [
            Message.build(text=wording, intent=slug)
            for slug, wordings in self._questions().items()
            # What a subject is called is one more wording of it.
            for wording in (*wordings, titles[slug])
        ]
        return super().get_nlu_data().merge(TrainingData(examples))

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """Rasa's rules and stories with one rule for each subject."""
        return super().get_stories(exclusion_percentage).merge(
            StoryGraph(_read_rules(self._questions(), self.get_domain()))
        )


@contextmanager
def _content_errors() -> Iterator[None]:
    try:
        yield
    except FicheError as error:
        raise ContentError(str(error)) from error


def _refuse_taken_names(content: Path, intents: Collection[str]) -> None:
    """A fiche is an intent of its own: it would be mixed up with another of the same name. Raises FicheError."""
    for path in fiche_paths(content):
        if path.stem in intents or path.stem.startswith(LIST_PREFIX):
            message = f"le nom « {path.stem} » est réservé à l’assistant lui-même : donnez un autre nom à ce fichier."
            raise FicheError(shown_path(path, content), 1, message)


def _find_content(training_data_paths: list[str] | str | None) -> Path:
    paths = [training_data_paths] if isinstance(training_data_paths, str) else training_data_paths or []
    return next((Path(path) for path in paths if (Path(path) / "fiches").is_dir()), content_folder())


def _read_rules(subjects: Iterable[str], domain: Domain) -> list[Any]:
    rules = [
        {"rule": f"répondre sur {slug}", "steps": [{"intent": slug}, {"action": ANSWER_ACTION}]} for slug in subjects
    ]
    return YAMLStoryReader(domain).read_from_parsed_yaml({"version": "3.1", "rules": rules})
