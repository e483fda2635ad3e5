"""Checklist of the widget, test 29, the assistant's part: what is known is not asked again."""

import pytest
from form_driver import FormDriver

from actions.join_form import JOIN
from actions.message_form import MESSAGE
from actions.requests import Demande


@pytest.mark.parametrize(
    ("demande", "known", "answers"),
    [
        pytest.param(
            JOIN,
            "je suis commerçant rue de Lille et je veux rejoindre le conseil",
            ["Zoé Martin", "a@free.fr"],
            id="join",
        ),
        pytest.param(MESSAGE, "", ["Une question sur le quartier", "Zoé Martin", "a@free.fr"], id="message"),
    ],
)
async def test_29_nothing_is_asked_twice(demande: Demande, known: str, answers: list[str]) -> None:
    form = FormDriver(demande)
    await (form.say(known, f"start_{demande.kind}") if known else form.press(f"/start_{demande.kind}"))
    asked = [form.asked]
    for answer in answers:
        await form.say(answer)
        asked.append(form.asked)
    assert asked[-1] == "accord"
    assert len(asked) == len(set(asked))
