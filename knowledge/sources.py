"""The pages that the fiches cite, kept word for word beside them."""

from dataclasses import dataclass
from pathlib import Path

from knowledge.marked_yaml import FicheError, load_file, raise_first, read_text, shown_path


@dataclass(frozen=True)
class Source:
    """One page: `texte` is what it says, `url` where it is published (None when unknown)."""

    slug: str
    titre: str
    url: str | None
    texte: str


def load_sources(data: Path) -> dict[str, Source]:
    """Load `sources/<slug>.txt`, with titles and addresses of `sources/sources.yml`. Raises FicheError."""
    header = load_file(data, "sources/sources.yml")
    sources: dict[str, Source] = {}
    for slug in header.values:
        raise_first(header.key_errors(("titre", "url"), ("titre",), slug))
        path = data / "sources" / f"{slug}.txt"
        if not path.exists():
            raise header.fail(f"il manque le texte de cette source : sources/{slug}.txt.", slug)
        texte = read_text(path, shown_path(path, data))
        sources[slug] = Source(slug, header.text(slug, "titre"), header.text(slug, "url") or None, texte)
    for path in sorted((data / "sources").glob("*.txt")):
        if path.stem not in sources:
            message = f"cette source n’a pas de titre : ajoutez « {path.stem} » dans sources/sources.yml."
            raise FicheError(shown_path(path, data), 1, message)
    return sources
