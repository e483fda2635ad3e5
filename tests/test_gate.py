import pytest

from training.gate import judge


def evaluation(overall=0.8, worst=0.5, **wrong):
    """An evaluation by what went wrong in each slice."""
    slices = {name: {"wrong": [{"message": message} for message in messages]} for name, messages in wrong.items()}
    return {"overall": overall, "worst": worst, "slices": {"detresse": {"wrong": []}, "clair": {"wrong": []}} | slices}


BEFORE = evaluation(detresse=["ancien oubli"], clair=["ancienne faute"])


@pytest.mark.parametrize(
    "candidate",
    [
        pytest.param(evaluation(detresse=["ancien oubli"]), id="same"),
        pytest.param(evaluation(overall=0.9, worst=0.6), id="better"),
        pytest.param(evaluation(detresse=["ancien oubli"], clair=["une autre faute"]), id="as-many-faults-elsewhere"),
        pytest.param(evaluation(overall=0.9, worst=0.5), id="better-overall-same-worst"),
    ],
)
def test_it_opens_to_a_release_that_is_no_worse(candidate):
    verdict = judge(candidate, BEFORE)
    assert verdict.is_open
    assert verdict.sentence.startswith("Accepté : ")


def test_it_opens_to_a_first_release():
    verdict = judge(evaluation(overall=0.1, worst=0.0, detresse=["au feu"]), None)
    assert (verdict.is_open, verdict.sentence) == (True, "Accepté : première version.")


@pytest.mark.parametrize(
    ("candidate", "sentence"),
    [
        pytest.param(
            evaluation(overall=0.99, worst=0.9, detresse=["ancien oubli", "au feu"]),
            "Refusé : le bon numéro d’urgence n’est plus donné pour « au feu ».",
            id="one-distress-even-if-all-the-rest-is-better",
        ),
        pytest.param(
            evaluation(detresse=["a", "b", "c", "d", "e"]),
            "Refusé : le bon numéro d’urgence n’est plus donné pour « a », « b », « c » et 2 autres.",
            id="several-distresses",
        ),
        pytest.param(
            evaluation(overall=0.79, clair=["ancienne faute", "qui signe ?"]),
            "Refusé : moins de bonnes réponses qu’avant ; ne marche plus : « qui signe ? ».",
            id="overall",
        ),
        pytest.param(
            evaluation(overall=0.9, worst=0.4, clair=["qui signe ?"]),
            "Refusé : la tranche la plus faible baisse ; ne marche plus : « qui signe ? ».",
            id="worst-slice-even-if-better-overall",
        ),
        pytest.param(evaluation(overall=0.7), "Refusé : moins de bonnes réponses qu’avant.", id="nothing-to-name"),
    ],
)
def test_it_refuses_a_release_that_is_worse_and_names_what_broke(candidate, sentence):
    verdict = judge(candidate, BEFORE)
    assert not verdict.is_open
    assert verdict.sentence == sentence


def test_a_slice_that_is_new_does_not_stop_it():
    assert judge(evaluation(hostile=["<script>"]), BEFORE).is_open
