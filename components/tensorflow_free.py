"""Rasa 3.6 without TensorFlow: stand-ins for the modules of Rasa that cannot be imported without it.

Rasa imports TensorFlow when it starts, whatever the pipeline. This pipeline needs none of it, and
TensorFlow is 1.4 GB on disk, 30 seconds and a gigabyte of memory. A finder placed first in
`sys.meta_path` answers for *Rasa's own* TensorFlow-only modules, and for nothing else: a fake
`tensorflow` in `sys.modules` would break thinc and matplotlib, which look for it there.

`make install` puts `import components.tensorflow_free` in a `.pth` file of the environment, so that the
plain `rasa` command works the same way. A component that really needs TensorFlow, put in the pipeline,
fails with one sentence that says so. See docs/decisions/0003-no-tensorflow.md.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

UTILITY_PREFIX = "rasa.utils.tensorflow."

# Names that the rest of Rasa imports from these modules when it starts.
UTILITY_MODULES: dict[str, tuple[str, ...]] = {
    "callback": ("RasaTrainingLogger", "RasaModelCheckpoint"),
    "crf": (),
    "data_generator": ("RasaBatchDataGenerator",),
    "environment": (),
    "layers": (),
    "layers_utils": (),
    "metrics": (),
    "models": ("RasaModel", "TransformerRasaModel"),
    "rasa_layers": (),
    "transformer": (),
    "types": (),
}

# Module → (class, kind of component), for the components that are built on TensorFlow.
COMPONENT_MODULES: dict[str, tuple[str, str]] = {
    "rasa.core.policies.ted_policy": ("TEDPolicy", "POLICY_WITH_END_TO_END_SUPPORT"),
    "rasa.core.policies.unexpected_intent_policy": ("UnexpecTEDIntentPolicy", "POLICY_WITH_END_TO_END_SUPPORT"),
    "rasa.nlu.classifiers.diet_classifier": ("DIETClassifier", "INTENT_CLASSIFIER"),
    "rasa.nlu.featurizers.dense_featurizer.convert_featurizer": ("ConveRTFeaturizer", "MESSAGE_FEATURIZER"),
    "rasa.nlu.featurizers.dense_featurizer.lm_featurizer": ("LanguageModelFeaturizer", "MESSAGE_FEATURIZER"),
    "rasa.nlu.selectors.response_selector": ("ResponseSelector", "INTENT_CLASSIFIER"),
}


def explain(name: str) -> str:
    """Say why `name` cannot be used here, and what to do."""
    return (
        f"{name} needs TensorFlow, which this project does not install: take it out of config.yml, "
        "or read docs/decisions/0003-no-tensorflow.md to bring TensorFlow back."
    )


class TensorFlowFreeFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Answers for Rasa's TensorFlow-only modules, and leaves every other import alone."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Claim `fullname` when it is one of Rasa's TensorFlow-only modules."""
        if fullname in COMPONENT_MODULES or fullname.removeprefix(UTILITY_PREFIX) in UTILITY_MODULES:
            return importlib.util.spec_from_loader(fullname, self)
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Fill the stand-in: placeholders of the classes, and the one function that Rasa's entry point calls."""
        if module.__name__ in COMPONENT_MODULES:
            class_name, kind = COMPONENT_MODULES[module.__name__]
            setattr(module, class_name, _component_placeholder(module.__name__, class_name, kind))
            return
        for class_name in UTILITY_MODULES[module.__name__.removeprefix(UTILITY_PREFIX)]:
            setattr(module, class_name, type(class_name, (), {"__init__": _refuse(class_name)}))
        # rasa.__main__ calls these before any command; without TensorFlow there is nothing to set up.
        module.__dict__.update(setup_tf_environment=_do_nothing, check_deterministic_ops=_do_nothing)


def _do_nothing() -> None:
    return None


def _refuse(name: str) -> Callable[..., None]:
    def refuse(*_args: Any, **_kwargs: Any) -> None:
        from rasa.shared.exceptions import RasaException

        raise RasaException(explain(name))

    return refuse


def _component_placeholder(module_name: str, class_name: str, kind: str) -> type:
    """A class that Rasa can register under its usual name, and that refuses to be part of a pipeline."""
    from rasa.engine.graph import GraphComponent
    from rasa.engine.recipes.default_recipe import DefaultV1Recipe

    refuse = _refuse(class_name)
    methods = {
        "__module__": module_name,
        "__doc__": explain(class_name),
        "required_packages": staticmethod(refuse),
        "get_default_config": staticmethod(refuse),
        "create": classmethod(refuse),
    }
    placeholder = type(class_name, (GraphComponent,), methods)
    register = DefaultV1Recipe.register(DefaultV1Recipe.ComponentType[kind], is_trainable=True)
    return register(placeholder)


def install() -> None:
    """Put the finder first, once. Does nothing where TensorFlow is really installed."""
    if any(isinstance(finder, TensorFlowFreeFinder) for finder in sys.meta_path):
        return
    if importlib.util.find_spec("tensorflow") is None:
        sys.meta_path.insert(0, TensorFlowFreeFinder())


install()
