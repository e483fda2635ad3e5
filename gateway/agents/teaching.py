"""The example that goes with a decision: rewritten by the clerk, compared with all the others, then added."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.agents import texts
from gateway.agents.forms import Form
from gateway.agents.working_folder import Teaching, WorkingFolder
from gateway.review import HORS_SUJET, SUJET
from knowledge.examples import ExampleRefused, add_example
from knowledge.intents import OFF_TOPIC
from knowledge.masking import Masker
from knowledge.text import normalize, typographie
from training.exam import ExamError
from training.real_questions import is_in_exam

EXAMPLE_LIMIT = 200
ANYWAY = "quand_meme"


@dataclass(frozen=True)
class Taught:
    """An example that a decision teaches, and the subject that it is for."""

    text: str
    subject: str


def read_target(form: Form, decision: str, teaching: Teaching) -> str | None:
    """The subject that a decision names, if it names one; what is wrong goes in the form."""
    if decision == HORS_SUJET:
        return OFF_TOPIC
    if decision != SUJET:
        return None
    target = teaching.find_subject(form.text("sujet"))
    if target is None:
        form.refuse("sujet", "Choisissez un sujet de la liste : écrivez le début de son nom.")
    return target


def read_taught(form: Form, target: str | None, asked: str, folder: WorkingFolder) -> Taught | None:
    """The example to teach, none when nothing was written; `asked` is the resident's question, not to be copied."""
    text = form.text("exemple", EXAMPLE_LIMIT)
    if not text or target is None:
        return None
    taught, teaching, is_sure = Taught(text, target), folder.read(), bool(form.raw(ANYWAY))
    if "[" in text or Masker.for_content(teaching.base).find(text):
        form.refuse("exemple", "Cette phrase contient encore une donnée personnelle : réécrivez-la sans elle.")
    elif _is_held_back(text, folder):
        form.refuse("exemple", "Cette question est dans l’examen : l’assistant ne doit pas l’apprendre. Réécrivez-la.")
    elif not is_sure and normalize(text) == normalize(asked):
        form.refuse("exemple", texts.REWRITE)
    elif not is_sure and (warning := warn(taught, teaching)):
        form.refuse("exemple", warning)
    return taught


def warn(taught: Taught, teaching: Teaching) -> str:
    """What there is to say against an example: it would confuse, or it adds nothing."""
    conflict = teaching.examples.find_conflict(taught.text, taught.subject)
    if conflict:
        name, other = teaching.name_of(conflict.example.subject), conflict.example.text
        sentence = f"Attention : {conflict.likeness:.0f} % proche d’un exemple de « {name} » : « {other} »."
        return typographie(f"{sentence} L’assistant pourrait confondre les deux sujets.")
    same = teaching.examples.find_same(taught.text, taught.subject)
    if same is None:
        return ""
    return typographie(f"Cet exemple y est déjà presque : « {same.example.text} ». Il n’apprendrait rien.")


def teach(folder: WorkingFolder, form: Form, taught: Taught) -> None:
    """Add the example to the working folder; why it is refused goes in the form."""
    try:
        add_example(folder.data, taught.subject, taught.text)
    except ExampleRefused as reason:
        form.refuse("exemple", str(reason))


def _is_held_back(text: str, folder: WorkingFolder) -> bool:
    try:
        return is_in_exam(folder.exam, text)
    except ExamError:
        return False
