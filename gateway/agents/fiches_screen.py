"""« Fiches »: what the assistant answers, written and checked by staff; live preview, history, answers taken down."""

import asyncio
from typing import Any

from aiohttp import web

from gateway import texts as public_texts
from gateway.agents.access import staff_only, wants_json
from gateway.agents.fiche_desk import FicheChanged, FicheDesk, mark_of
from gateway.agents.fiche_forms import (
    FORM_LIMIT,
    MOST_ROWS,
    Fields,
    blank_fields,
    fields_of,
    read_fiche,
    sentences_of,
    write_text,
)
from gateway.agents.forms import Form, read_form
from gateway.agents.keys import FICHES, STAFF
from gateway.agents.pages import go, render
from gateway.agents.texts import GENRES, LANGUAGES
from gateway.errors import ApiError
from gateway.sessions import today
from knowledge.base import KnowledgeBase
from knowledge.fiche_files import Review, make_slug, read_draft, review_draft
from knowledge.fiches import FicheError
from knowledge.langues import load_langues
from knowledge.replies import reply_for_fiche
from knowledge.text import normalize, typographie
from training.content import ADDED, CHANGED, compare_texts

HERE = "/agents/fiches"
WRITER = "rédaction"
PUBLISHER = "publication"
NEW = "nouvelle"
URGENCE = "urgence"
NOTICES = {
    code: typographie(text)
    for code, text in {
        "enregistree": "La fiche est enregistrée. Les habitants la liront après « Entraîner et publier ».",
        "retiree": "La réponse est retirée : l’assistant ne la donne plus.",
        "remise": "La réponse est remise : l’assistant la donne de nouveau.",
    }.items()
}
# The preview is the only page of the project that a page of the project may hold.
FRAMED = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
}
FRAMING = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'"
}
KINDS = {"urgence": "alert", "bot": "smalltalk"}

routes = web.RouteTableDef()


@routes.get(HERE, allow_head=False)
@staff_only()
async def get_fiches(request: web.Request) -> web.Response:
    """Every fiche, with its state."""
    wanted = {name: request.query.get(name, "") for name in ("genre", "etat", "q")}
    etats = await asyncio.to_thread(request.app[FICHES].list_all, today())
    shown = [
        etat
        for etat in etats
        if wanted["genre"] in ("", etat.genre)
        and (not wanted["etat"] or wanted["etat"] in etat.tags)
        and normalize(wanted["q"]) in normalize(f"{etat.titre} {etat.slug}")
    ]
    tags = sorted({tag for etat in etats for tag in etat.tags})
    context = {"etats": shown, "all": len(etats), "wanted": wanted, "tags": tags, "genres": GENRES}
    return render(request, "fiches.html", context, notices=NOTICES)


@routes.get(f"{HERE}/{NEW}", allow_head=False)
@staff_only(WRITER)
async def get_new(request: web.Request) -> web.Response:
    """Ask for what a new subject is called."""
    return render(request, "fiche_new.html", {"genres": GENRES, "errors": {}, "titre": "", "genre": ""})


@routes.post(f"{HERE}/{NEW}")
@staff_only(WRITER)
async def post_new(request: web.Request) -> web.Response:
    """Open the form of a new subject; nothing is written yet."""
    form = await read_form(request)
    titre, genre = form.text("titre", 100), form.text("genre")
    slug = make_slug(titre)
    if genre not in GENRES:
        form.refuse("genre", "Choisissez un genre dans la liste.")
    if not slug:
        form.refuse("titre", "Donnez un titre, avec des lettres.")
    elif await asyncio.to_thread(_find, request, slug):
        form.refuse("titre", "Une fiche porte déjà ce titre.")
    if form.errors:
        context = {"genres": GENRES, "errors": form.errors, "titre": titre, "genre": genre}
        return render(request, "fiche_new.html", context, status=400)
    base = await _load_base(request)
    fields = blank_fields(genre, titre, base.contact.nom, today())
    return await _fiche_page(request, slug, fields, Form([]), opened="")


@routes.post(f"{HERE}/apercu")
@staff_only(WRITER)
async def post_preview(request: web.Request) -> web.Response:
    """What residents would read, and what the checks say, of a fiche that is being written."""
    form = await read_form(request, FORM_LIMIT)
    slug, fields = make_slug(form.text("slug", 60)), await _read_fields(request, form)
    if wants_json(request):
        review = await _review(request, slug, fields) if not form.errors else None
        return web.json_response({"remarks": _remarks(form, review)})
    context = {"reply": await _preview(request, slug, fields), "t": public_texts, "given": None, "comment_limit": 0}
    response = render(request, "fiche_preview.html", context)
    response.headers.update(FRAMED)
    return response


@routes.get(f"{HERE}/{{slug}}", allow_head=False)
@staff_only()
async def get_fiche(request: web.Request) -> web.Response:
    """One fiche: its form, its preview, its state."""
    slug = request.match_info["slug"]
    found = await asyncio.to_thread(_find, request, slug)
    if found is None:
        raise ApiError("not_found")
    parsed, text = found
    fields = fields_of(parsed.header.values, parsed.fiche.corps)
    return await _fiche_page(request, slug, fields, Form([]), mark_of(text))


@routes.post(f"{HERE}/{{slug}}")
@staff_only(WRITER)
async def post_fiche(request: web.Request) -> web.Response:
    """Save a fiche that the checks accept; otherwise the form comes back as it was, with what to mend."""
    form, slug = await read_form(request, FORM_LIMIT), request.match_info["slug"]
    if make_slug(slug) != slug:
        raise ApiError("not_found")
    fields, opened = await _read_fields(request, form), form.text("ouverte", 20)
    reason = form.reason()
    desk: FicheDesk = request.app[FICHES]
    if form.errors:
        return await _fiche_page(request, slug, fields, form, opened, status=400)
    path = await asyncio.to_thread(desk.path_of, slug, fields["genre"])
    who = request[STAFF].email
    try:
        review = await asyncio.to_thread(
            lambda: desk.save(path, write_text(fields), opened=opened, who=who, reason=reason)
        )
    except FicheChanged:
        form.refuse("titre", "Un collègue a enregistré cette fiche entre-temps. Gardez votre texte, rouvrez la fiche.")
        return await _fiche_page(request, slug, fields, form, opened, status=409)
    if review.is_refused:
        return await _fiche_page(request, slug, fields, form, opened, review=review, status=400)
    return go(f"{HERE}/{slug}", "enregistree")


@routes.post(f"{HERE}/{{slug}}/retirer")
@staff_only(PUBLISHER)
async def post_take_down(request: web.Request) -> web.Response:
    """Take one answer down at once, or put it back."""
    form, slug = await read_form(request), request.match_info["slug"]
    found = await asyncio.to_thread(_find, request, slug)
    if found is None:
        raise ApiError("not_found")
    reason, parsed = form.reason("motif_retrait"), found[0]
    if parsed.fiche.genre == URGENCE:
        form.refuse("motif_retrait", "Une carte d’urgence ne se retire pas : corrigez-la, puis publiez.")
    fields = fields_of(parsed.header.values, parsed.fiche.corps)
    if form.errors:
        return await _fiche_page(request, slug, fields, form, mark_of(found[1]), status=400)
    desk, is_back = request.app[FICHES], form.raw("etat") == "remise"
    act = desk.put_back if is_back else desk.take_down
    await asyncio.to_thread(act, slug, request[STAFF].email, reason)
    return go(f"{HERE}/{slug}", "remise" if is_back else "retiree")


@routes.get(f"{HERE}/{{slug}}/historique", allow_head=False)
@staff_only()
async def get_history(request: web.Request) -> web.Response:
    """Every text that a fiche had in the console, and what changed each time."""
    slug = request.match_info["slug"]
    versions = await asyncio.to_thread(request.app[FICHES].history, slug)
    if not versions and await asyncio.to_thread(_find, request, slug) is None:
        raise ApiError("not_found")
    befores = [*(version.text for version in versions[1:]), ""]
    changes = [
        (now, compare_texts(f"{slug}.md", before, now.text, CHANGED if before else ADDED))
        for now, before in zip(versions, befores, strict=False)
    ]
    return render(request, "fiche_history.html", {"slug": slug, "changes": changes})


async def _fiche_page(
    request: web.Request,
    slug: str,
    fields: Fields,
    form: Form,
    opened: str,
    *,
    review: Review | None = None,
    status: int = 200,
) -> web.Response:
    base = await _load_base(request)
    if review is None and not form.errors and opened:
        review = await _review(request, slug, fields)
    down = await asyncio.to_thread(request.app[FICHES].down)
    fiche = review.fiche if review else None
    context = {
        "slug": slug,
        "fields": fields,
        "opened": opened,
        "errors": form.errors,
        "motif": form.raw("motif"),
        "remarks": _remarks(form, review),
        "down": down.get(slug),
        "is_new": not opened,
        "is_refused": status != 200,
        "genres": GENRES,
        "languages": {code: LANGUAGES.get(code, code) for code in await _languages(request)},
        "shown_in": {code for code in LANGUAGES if fiche and fiche.traduction(code)},
        "sources": {source.slug: source.titre for source in base.sources.values()},
        "sentences": sentences_of(base.sources[fields["source"]]) if fields.get("source") in base.sources else [],
        "rows": MOST_ROWS,
    }
    response = render(request, "fiche.html", context, status=status, notices=NOTICES)
    response.headers.update(FRAMING)
    return response


def _remarks(form: Form, review: Review | None) -> list[dict[str, Any]]:
    own = [{"key": key, "error": True, "message": message} for key, message in form.errors.items()]
    found = review.remarks if review else ()
    return own + [{"key": r.key, "error": r.is_error, "message": _sentence(r.message)} for r in found]


def _sentence(message: str) -> str:
    return typographie(message[:1].upper() + message[1:])


async def _read_fields(request: web.Request, form: Form) -> Fields:
    base, languages = await _load_base(request), await _languages(request)
    return read_fiche(form, base.sources, dict.fromkeys(languages, ""))


async def _preview(request: web.Request, slug: str, fields: Fields) -> dict[str, Any] | None:
    """The reply that residents would get, as the public page shows it; None when the fiche cannot be read yet."""
    desk, base = request.app[FICHES], await _load_base(request)
    if fields["genre"] not in GENRES:
        return None
    path = desk.path_of(slug or NEW, fields["genre"])
    fiche = await asyncio.to_thread(read_draft, desk.data, path, write_text(fields))
    if fiche is None:
        return None
    reply = reply_for_fiche(fiche, base, kind=KINDS.get(fiche.genre, "answer"))
    return {**reply.to_dict(), "id": "apercu", "choices": []}


async def _review(request: web.Request, slug: str, fields: Fields) -> Review:
    desk: FicheDesk = request.app[FICHES]

    def review() -> Review:
        path = desk.path_of(slug or NEW, fields["genre"])
        return review_draft(desk.data, path, write_text(fields), today())

    return await asyncio.to_thread(review)


def _find(request: web.Request, slug: str) -> Any:
    try:
        return request.app[FICHES].read(slug)
    except FicheError:
        return None


async def _load_base(request: web.Request) -> KnowledgeBase:
    """The content of the working folder as it is now."""
    return await asyncio.to_thread(KnowledgeBase.load, request.app[FICHES].data)


async def _languages(request: web.Request) -> list[str]:
    langues = await asyncio.to_thread(load_langues, request.app[FICHES].data)
    return list(langues.phrases)
