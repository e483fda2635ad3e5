"""The town's contact, which ships empty and which staff fill in."""

from dataclasses import dataclass
from pathlib import Path

from knowledge.marked_yaml import Marked, load_file, raise_first

FILE = "contact.yml"
_KEYS = ("nom", "telephone", "courriel", "page", "horaires")


@dataclass(frozen=True)
class Contact:
    """Who answers residents; every part but `nom` may be empty."""

    nom: str
    telephone: str
    courriel: str
    page: str
    horaires: str


def load_contact(data: Path) -> Contact:
    """Load `data/contact.yml`. Raises FicheError."""
    return parse_contact(load_file(data, FILE))


def parse_contact(marked: Marked) -> Contact:
    """Build the contact from its keys. Raises FicheError; its `others` are the other errors of the file."""
    raise_first(marked.key_errors(_KEYS, ("nom",)))
    return Contact(*(marked.text(key) for key in _KEYS))


def format_contact(contact: Contact) -> str:
    """One Markdown sentence: how to reach the service, or where to go when nothing is filled in."""
    ways = [
        f"par téléphone au {contact.telephone}" if contact.telephone else "",
        f"par courriel à {contact.courriel}" if contact.courriel else "",
        f"sur [sa page]({contact.page})" if contact.page else "",
    ]
    filled = [way for way in ways if way]
    if not filled:
        return (
            "Le contact du service n’est pas encore indiqué ici : adressez-vous à la mairie, "
            f"ou laissez ici un message pour le **{contact.nom}**."
        )
    hours = f" ({contact.horaires})" if contact.horaires else ""
    return f"Vous pouvez joindre le **{contact.nom}** {_join(filled)}{hours}."


def _join(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} ou {parts[-1]}"
