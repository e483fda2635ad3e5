"""What every request asks of a person: a name, and a way to be reached. Each request adds its own words to it."""

from __future__ import annotations

from functools import partial

from actions.coordonnees import format_coordonnee
from actions.form_answers import find_contact, find_nom, read_contact, read_nom
from actions.requests import Champ, Sort

make_nom = partial(
    Champ,
    titre="Nom",
    names=r"nom|prenom|identite",
    sort=Sort.NAME,
    read=read_nom,
    find=find_nom,
)

make_contact = partial(
    Champ,
    titre="Pour vous joindre",
    names=r"tel\w*|numero|num|portable|fixe|e ?mail|mail|courriel|adresse|contact|coordonnees|joindre",
    sort=Sort.CONTACT,
    erreur="Je n’ai pas reconnu de numéro de téléphone ni d’adresse e-mail.",
    read=read_contact,
    find=find_contact,
    show=format_coordonnee,
)
