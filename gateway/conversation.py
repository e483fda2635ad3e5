"""One message, one turn: found again, answered, kept. The API and the page without JavaScript share it.

The order is a promise: distress first, whatever else is wrong; then a message already answered; then the
worker; and nothing is acknowledged before it is written.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from gateway import texts
from gateway.admission import Admission, Overloaded
from gateway.announcements import Announcements
from gateway.content import Content
from gateway.errors import ApiError, Unavailable
from gateway.figures import figures_of
from gateway.fleet import Fleet
from gateway.incoming import Incoming, Opinion
from gateway.resident_requests import ResidentRequest
from gateway.sessions import Session, SessionError, SessionKeeper, new_id, today
from gateway.store import DuplicateTurn, Store, StoredChoice, StoredReply, Turn
from gateway.withdrawals import Withdrawals
from gateway.worker_process import TurnResult
from knowledge.masking import Masker
from knowledge.replies import Reply

log = logging.getLogger("gateway.conversation")

RETRY_AFTER = 5  # seconds
PAUSED_RETRY = 300  # seconds
UNSAVED_LIMIT = 1000
# Signs kept of the fingerprint of a message: enough to see that another one is sent under the same id, and too few for
# who has the disk and its keys to find a telephone number by trying them all.
FINGERPRINT_KEPT = 4


@dataclass(frozen=True)
class Outcome:
    """What is sent back for one message."""

    token: str
    release: str
    replies: tuple[StoredReply, ...]

    @property
    def is_alert(self) -> bool:
        """Whether this answers a distress: such a turn is kept nowhere."""
        return any(reply.body["kind"] == "alert" for reply in self.replies)

    @property
    def kind(self) -> str:
        """The kind of its first reply."""
        return str(self.replies[0].body["kind"])

    def to_dict(self) -> dict[str, Any]:
        """The answer of POST /api/chat."""
        return {
            "session": self.token,
            "release": self.release,
            "replies": [reply.to_dict() for reply in self.replies],
        }


@dataclass(frozen=True)
class _Asked:
    """A message ready for the worker: `message` is how the resident sees it."""

    fingerprint: str
    message: str
    text: str | None
    payload: str | None


class Conversations:
    """Everything that can be done in a conversation."""

    def __init__(
        self,
        content: Content,
        keeper: SessionKeeper,
        store: Store,
        fleet: Fleet,
        announcements: Announcements,
        withdrawals: Withdrawals,
        admission: Admission,
        patience: float,
    ) -> None:
        """`patience` is how long a message waits for the one before it, in seconds."""
        self.content = content
        self.keeper = keeper
        self._store = store
        self._fleet = fleet
        self._announcements = announcements
        self._withdrawals = withdrawals
        self._admission = admission
        self._patience = patience
        # Answers that could not be written: a second try writes them, without asking the worker twice.
        self._unsaved: OrderedDict[str, tuple[str, TurnResult]] = OrderedDict()
        # Replies that are kept masked, as they were said: the same message sent again gets the same words.
        self._said: OrderedDict[tuple[str, str | None], tuple[StoredReply, ...]] = OrderedDict()
        self._masker = Masker.for_content(content.base)

    def alert(self, text: str, token: str | None) -> Outcome | None:
        """The fixed answer to a distress, kept nowhere; works without worker and without database."""
        replies = self.content.find_alerts(text) if text else ()
        if not replies:
            return None
        return Outcome(self._still_valid(token), self.content.release, tuple(map(_issue, replies)))

    async def turn(self, incoming: Incoming) -> Outcome:
        """Answer one message once; raises ApiError, also when staff have paused the assistant."""
        self._check_running()
        first_key = None
        if incoming.token is not None:
            session = self.read_session(incoming.token)
        elif incoming.client_id is None:
            session = self.keeper.open()
        else:
            first_key = self.keeper.digest("first", incoming.client_id)
            session = self.keeper.open_for(incoming.client_id)
        try:
            async with self._in_turn(first_key or session.id):
                return await self._turn_once(incoming, session, first_key)
        except Unavailable as reason:
            log.info("turn not answered: %s", reason)
            raise self.unavailable() from None
        except Overloaded as refusal:
            raise ApiError("busy", contact=self.content.contact, retry_after=refusal.retry_after) from None

    async def has_choice(self, token: str, choice: str) -> bool:
        """Whether this choice was issued in this conversation; raises ApiError."""
        session = self.read_session(token)
        try:
            return await asyncio.to_thread(self._store.find_choice, session.id, choice) is not None
        except Unavailable:
            raise self.unavailable() from None

    async def history(self, token: str) -> list[Turn]:
        """The turns of a conversation, oldest first; raises ApiError."""
        session = self.read_session(token)
        try:
            return await asyncio.to_thread(self._store.history, session.id)
        except Unavailable:
            raise self.unavailable() from None

    async def erase(self, token: str) -> None:
        """Erase a conversation here and at the worker, later if the worker is away; raises ApiError."""
        session = self.read_session(token)
        try:
            async with self._in_turn(session.id):
                self._unsaved.pop(session.id, None)
                for key in [key for key in self._said if key[0] == session.id]:
                    del self._said[key]
                await asyncio.to_thread(self._store.erase, session.id)
                await self._erase_at_worker(session.id)
        except Unavailable:
            raise self.unavailable() from None

    async def give_opinion(self, opinion: Opinion, token: str | None) -> None:
        """Keep a resident's opinion; raises ApiError. A reply's id is unguessable and opens nothing else."""
        session_id = self.read_session(token).id if token is not None else None
        comment = await self._mask(opinion.comment) if opinion.comment else ""
        try:
            kept = await asyncio.to_thread(
                self._store.save_feedback,
                opinion.reply,
                session_id,
                opinion.verdict,
                comment,
                today(),
            )
        except Unavailable:
            raise self.unavailable() from None
        if not kept:
            raise ApiError("unknown_reply")

    async def finish_erasures(self) -> None:
        """Have the worker erase what it could not erase before."""
        for session_id in await asyncio.to_thread(self._store.pending_erasures):
            async with self._in_turn(session_id):
                if await asyncio.to_thread(self._store.is_erasure_pending, session_id):
                    await self._erase_at_worker(session_id)

    def read_session(self, token: str) -> Session:
        """The session of a token; raises ApiError."""
        try:
            return self.keeper.read(token)
        except SessionError as error:
            raise ApiError(error.code) from None

    def unavailable(self) -> ApiError:
        """The refusal that says whom to turn to."""
        return ApiError("unavailable", contact=self.content.contact, retry_after=RETRY_AFTER)

    def _check_running(self) -> None:
        announced = self._announcements.current
        if announced.paused:
            raise ApiError("paused", message=announced.message, contact=self.content.contact, retry_after=PAUSED_RETRY)

    async def _turn_once(self, incoming: Incoming, session: Session, first_key: str | None) -> Outcome:
        arrived = self._admission.now()
        asked = await self._read_asked(incoming, session)
        known, is_erased = await self._find_known(incoming, session, first_key, asked.fingerprint)
        if known is not None:
            return known
        async with self._admission.enter(arrived):
            if is_erased:
                await self._erase_at_worker(session.id, strict=True)
            return await self._answer(incoming, session, first_key, asked)

    async def _answer(
        self, incoming: Incoming, session: Session, first_key: str | None, asked: _Asked
    ) -> Outcome:
        """Have the worker answer, and keep the turn."""
        began = time.perf_counter()
        result = await self._ask_worker(session, asked, incoming.client_id)
        seconds = time.perf_counter() - began
        replies = tuple(_issue(reply) for reply in result.replies)
        answer = Outcome(incoming.token or self.keeper.sign(session), result.release, replies)
        if answer.is_alert:
            return answer
        turn = replace(
            _as_kept(incoming.client_id, asked, result, replies), figures=figures_of(result, seconds)
        )
        if turn.replies != replies:
            self._remember_said(session.id, incoming.client_id, replies)
        try:
            await self._save(session, turn, first_key, result.request)
        except DuplicateTurn:
            known, _ = await self._find_known(incoming, session, first_key, asked.fingerprint)
            if known is None:
                raise Unavailable("turn not written") from None
            return known
        except Unavailable:
            self._keep_unsaved(session.id, asked.fingerprint, result)
            raise
        return answer

    async def _read_asked(self, incoming: Incoming, session: Session) -> _Asked:
        if incoming.choice is None:
            text = incoming.text or ""
            return _Asked(self.keeper.digest("message", text), text, text, None)
        choice = await asyncio.to_thread(self._store.find_choice, session.id, incoming.choice)
        if choice is None:
            raise ApiError("unknown_choice")
        return _Asked(self.keeper.digest("choice", choice.id), choice.label, None, choice.payload)

    async def _find_known(
        self, incoming: Incoming, session: Session, first_key: str | None, fingerprint: str
    ) -> tuple[Outcome | None, bool]:
        """What was answered to this message already, and whether the worker has yet to erase this conversation."""
        turn: Turn | None
        if incoming.token is None and first_key is None:
            # Just opened.
            return None, False
        if first_key is None:
            turn, is_erased = await asyncio.to_thread(self._store.recall, session.id, incoming.client_id)
        else:
            found = await asyncio.to_thread(self._store.find_first, first_key)
            if found is None:
                # The same client id opens the same conversation, which may have been erased.
                return None, (await asyncio.to_thread(self._store.recall, session.id, None))[1]
            is_erased = False
            session = Session(found[0], found[1])
            turn = found[2]
            # An id is not a key: once a conversation has gone on, or the day after, it opens nothing.
            if turn is None or session.began < today() - timedelta(days=1):
                raise ApiError("id_conflict")
        if turn is None:
            return None, is_erased
        if not fingerprint.startswith(turn.fingerprint):
            raise ApiError("id_conflict")
        replies = self._said.get((session.id, incoming.client_id), turn.replies)
        return Outcome(self.keeper.sign(session), turn.release, replies), is_erased

    async def _mask(self, text: str) -> str:
        """A text without its personal data; without a worker, names that nothing announces stay."""
        try:
            return await self._fleet.mask(text)
        except Unavailable:
            return self._masker.mask(text)

    def _remember_said(self, session_id: str, client_id: str | None, replies: tuple[StoredReply, ...]) -> None:
        if client_id is not None:
            self._said[session_id, client_id] = replies
            while len(self._said) > UNSAVED_LIMIT:
                self._said.popitem(last=False)

    async def _ask_worker(self, session: Session, asked: _Asked, client_id: str | None) -> TurnResult:
        unsaved = self._unsaved.pop(session.id, None)
        if unsaved is not None and unsaved[0] == asked.fingerprint:
            return unsaved[1]
        # So that a worker which has answered it already, to a gateway that is gone, does not take it for another one.
        message_id = client_id and self.keeper.digest("turn", session.id, client_id, asked.fingerprint)[:32]
        result = await self._fleet.turn(session.id, text=asked.text, payload=asked.payload, message_id=message_id)
        replies = await self._withdrawals.apply(result.replies, self.content.contact)
        return replace(result, replies=replies)

    async def _save(self, session: Session, turn: Turn, first_key: str | None, request: ResidentRequest | None) -> None:
        await asyncio.to_thread(
            self._store.save_turn,
            session.id,
            session.began,
            turn,
            first_key=first_key,
            request=request,
            on=today(),
        )

    def _keep_unsaved(self, session_id: str, fingerprint: str, result: TurnResult) -> None:
        self._unsaved[session_id] = (fingerprint, result)
        while len(self._unsaved) > UNSAVED_LIMIT:
            self._unsaved.popitem(last=False)

    async def _erase_at_worker(self, session_id: str, *, strict: bool = False) -> None:
        try:
            await self._fleet.erase(session_id)
        except Unavailable:
            if strict:
                raise
            return
        await asyncio.to_thread(self._store.confirm_erasure, session_id)

    def _still_valid(self, token: str | None) -> str:
        try:
            return self.keeper.sign(self.keeper.read(token or ""))
        except SessionError:
            return self.keeper.sign(self.keeper.open())

    def _in_turn(self, key: str) -> AbstractAsyncContextManager[None]:
        """Messages of one conversation are answered one at a time, in order."""
        return self._fleet.coordination.in_turn(key, self._patience)


def _as_kept(
    client_id: str | None, asked: _Asked, result: TurnResult, replies: tuple[StoredReply, ...]
) -> Turn:
    """The turn as it is written: personal data masked, and nothing of a private message."""
    fingerprint = asked.fingerprint[:FINGERPRINT_KEPT]
    if result.is_private:
        return Turn(client_id, fingerprint, texts.NOT_KEPT, result.release, replies)
    message = result.masked if asked.payload is None else asked.message
    kept = tuple(reply.hide(result.hidden) for reply in replies) if result.hidden else replies
    return Turn(client_id, fingerprint, message, result.release, kept, result.understood)


def _issue(reply: Reply) -> StoredReply:
    """Name a reply and its choices; payloads never leave the server."""
    body = replace(reply, choices=()).to_dict()
    del body["choices"]
    issued = tuple(StoredChoice(new_id(), choice.label, choice.payload) for choice in reply.choices)
    return StoredReply(new_id(), body, issued)
