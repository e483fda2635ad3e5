"""Rasa's character n-grams of whole sentences, and of nothing else."""

from __future__ import annotations

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
from scipy.sparse import spmatrix


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceNgrams(CountVectorsFeaturizer):
    """The sentence features of Rasa's `CountVectorsFeaturizer`, with the same settings.

    Rasa counts each token and each sentence by itself; here all sentences are counted at once, and tokens not: nothing
    in the pipeline reads them.
    """

    def _create_features(
        self, attribute: str, all_tokens: list[list[str]]
    ) -> tuple[list[spmatrix | None], list[spmatrix | None]]:
        nothing: list[spmatrix | None] = [None] * len(all_tokens)
        written = [number for number, tokens in enumerate(all_tokens) if tokens]
        if not written or not self.vectorizers.get(attribute):
            return nothing, [*nothing]
        counted = self.vectorizers[attribute].transform([" ".join(all_tokens[number]) for number in written])
        counted.sort_indices()
        sentences = [*nothing]
        for row, number in enumerate(written):
            sentences[number] = counted[row].tocoo()
        return nothing, sentences
