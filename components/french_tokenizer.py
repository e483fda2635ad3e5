"""Tokens from spaCy, with lemmas free of case, accents and stretched letters."""

from __future__ import annotations

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.spacy_tokenizer import SpacyTokenizer
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.training_data.message import Message

from knowledge.text import normalize


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class FrenchTokenizer(SpacyTokenizer):
    """Folds what people write differently in the lemma; positions stay those of the raw text."""

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Tokens of `attribute`, each with its folded form as lemma (featurizers read lemmas)."""
        tokens = super().tokenize(message, attribute)
        for token in tokens:
            token.lemma = normalize(token.lemma or token.text) or token.text
        return tokens
