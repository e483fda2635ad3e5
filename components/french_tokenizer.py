"""Tokens from spaCy, with lemmas free of case, accents, stretched letters and misspellings."""

from __future__ import annotations

from collections.abc import Sequence

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.constants import SPACY_DOCS
from rasa.nlu.tokenizers.spacy_tokenizer import SpacyTokenizer
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.spelling import PIECES
from knowledge.spelling import Piece
from knowledge.text import normalize


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class FrenchTokenizer(SpacyTokenizer):
    """Folds what people write differently in the lemma; positions stay those of the raw text."""

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Tokenize the training examples, and let go of what spaCy made of them: nothing else reads it."""
        super().process_training_data(training_data)
        for message in training_data.training_examples:
            message.data.pop(SPACY_DOCS[TEXT], None)
        return training_data

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Tokens of `attribute`, each with its folded form as lemma (featurizers read lemmas).

        The lemma is that of the corrected reading where there is one: several words for « jabite », none for
        « rat » in « conte rat », which is read with the token before it.
        """
        tokens = super().tokenize(message, attribute)
        if attribute == TEXT and message.get(PIECES):
            _take_reading(tokens, message.get(PIECES))
            return tokens
        for token in tokens:
            token.lemma = normalize(token.lemma or token.text) or token.text
        return tokens


def _take_reading(tokens: Sequence[Token], pieces: Sequence[Piece]) -> None:
    """Give each token the words of the pieces that begin in it. Both are in reading order."""
    words = [(piece.start, normalize(piece.text)) for piece in pieces]
    place = 0
    for token in tokens:
        own: list[str] = []
        while place < len(words) and words[place][0] < token.end:
            own.append(words[place][1])
            place += 1
        token.lemma = " ".join(word for word in own if word)
