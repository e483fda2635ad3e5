"""One release, loaded and answering."""

from __future__ import annotations

import asyncio
import os
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import LockStore
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from actions.contexte import CONTEXTE, OFFRE, Contexte
from actions.speech import find_language
from components.sentence_encoder import encode
from components.spacy_nlp import FRENCH_MODEL, load_language
from knowledge.content import CONTENT_VARIABLE, shared_base, shared_corrector, shared_everyday
from knowledge.masking import Masker
from knowledge.reference import choose_subject
from worker.channel import TurnChannel
from worker.discretion import Discretion, Kept, Understood
from worker.local_actions import LocalActions
from worker.logs import silence_rasa
from worker.masking import load_person_finder
from worker.speed import speed_up_rasa
from worker.tracker_store import (
    can_write,
    create_tracker_store,
    delete_conversation,
    expect,
    forget_before,
    let_go,
    prepare_to_forget,
    take_failure,
)

MODEL_FILE = "model.tar.gz"
MOST_ANSWERS = 500
# Not a space for `str.strip`, dropped by our normaliser: a typed « /restart » stays text for Rasa.
WORD_JOINER = "\u2060"


@dataclass(frozen=True)
class Turn:
    """What came out of one message: replies in the contract's shape, the subjects they answer (slugs or
    `list_<genre>`), a finished request if there is one, and whether nothing of the message may be kept.

    `masked` is the message as it may be kept, `hidden` what to write instead of some strings when the replies are
    kept, `questions` how each question of the message was understood.
    """

    replies: list[dict[str, Any]]
    subjects: list[str]
    request: dict[str, Any] | None
    private: bool
    masked: str
    hidden: dict[str, str]
    questions: tuple[Understood, ...]


class NotKept(Exception):
    """A message was understood, and its conversation could not be read or written: it is to be sent again."""


class Assistant:
    """Rasa's agent with the actions and the content of one release."""

    def __init__(self, agent: Agent, conversations: TrackerStore, discretion: Discretion, release: str) -> None:
        """Wrap a loaded agent, the store it keeps its conversations in, and what says what may be kept."""
        self._agent = agent
        self._discretion = discretion
        self._conversations = conversations
        agent.processor.parse_message = _telling_subject(agent.processor)
        # The last answer of each conversation, in memory only.
        self._answers: OrderedDict[str, tuple[str, asyncio.Future[Turn]]] = OrderedDict()
        self.release = release

    @classmethod
    def load(cls, release: Path, endpoints: Path, var: Path, key: str | None = None, masks: bool = True) -> Assistant:
        """Load the release in folder `release`; tracker and lock stores come from `endpoints`.

        `key` (Fernet) seals the answers to requests that are not finished; without one, they end with the process.
        Unless it `masks`, what is said is written as it is said.

        A relative SQLite file named there is created under `var`. The content of the release is what this
        process answers from, from now on.
        """
        silence_rasa()
        speed_up_rasa()
        load_content(release)
        stores = _read_stores(endpoints, var)
        masker = Masker.for_content(shared_base(), load_person_finder()) if masks else None
        discretion = Discretion(masker, key or Fernet.generate_key().decode())
        conversations = create_tracker_store(stores.tracker_store, discretion)
        agent = Agent.load(
            release / MODEL_FILE,
            tracker_store=conversations,
            lock_store=LockStore.create(stores.lock_store),
            action_endpoint=LocalActions(),
        )
        return cls(agent, conversations, discretion, release.name)

    async def warm_up(self) -> None:
        """Understand one sentence, so that no resident pays for what loads at first use."""
        await self._agent.parse_message("Bonjour, quels sont les quartiers concernés ?")

    async def read_text(self, session: str, text: str, message_id: str | None = None) -> Turn:
        """Answer what a person typed. It is text whatever it looks like; the same `message_id` is answered once."""

        typed = WORD_JOINER + text if text.lstrip().startswith("/") else text
        return await self._once(session, message_id, lambda: self._handle(session, typed, message_id))

    async def press(self, session: str, payload: str, message_id: str | None = None) -> Turn:
        """Answer a button, whose `/intent` the server itself issued; the same `message_id` is answered once."""
        return await self._once(session, message_id, lambda: self._handle(session, payload, message_id))

    def can_write(self) -> bool:
        """Whether what is said can be written now; blocks as long as the store does."""
        return can_write(self._conversations)

    def let_go_of_database(self) -> None:
        """Close its connections, which no two processes may share; they are opened again when they are needed."""
        let_go(self._conversations)

    async def _once(
        self, session: str, message_id: str | None, answer: Callable[[], Coroutine[Any, Any, Turn]]
    ) -> Turn:
        """The answer of a message that was sent again: the one it got, or gets now, or else another try.

        A gateway gives up on a message that takes too long: it is answered all the same, and asked for again.
        """
        if message_id is None:
            return await answer()
        known = self._answers.get(session)
        if known is None or known[0] != message_id or (known[1].done() and known[1].exception()):
            # Another process may have written its answer, and ended before anybody read it.
            expect(self._conversations, session, message_id)
            known = self._answers[session] = message_id, asyncio.ensure_future(answer())
            self._answers.move_to_end(session)
            while len(self._answers) > MOST_ANSWERS:
                self._answers.popitem(last=False)
        return await asyncio.shield(known[1])

    def mask(self, text: str) -> str:
        """A text without its personal data."""
        return self._discretion.mask(text)

    async def erase(self, session: str) -> None:
        """Delete every event of a conversation. Raises NotImplementedError for a store that cannot."""
        self._answers.pop(session, None)
        delete_conversation(self._conversations, session)

    async def forget_before(self, timestamp: float) -> int:
        """Delete events older than a time (seconds, epoch); returns how many, 0 when none is left."""
        return await forget_before(self._conversations, timestamp)

    async def _handle(self, session: str, text: str, message_id: str | None) -> Turn:
        channel = TurnChannel()
        message = UserMessage(text, channel, session, input_channel=channel.name(), message_id=message_id)
        forget_turn = prepare_to_forget(self._conversations, session)
        take_failure(self._conversations, session)
        await self._agent.handle_message(message)
        if take_failure(self._conversations, session):
            raise NotKept(session)
        kept = self._discretion.take(session) or await self._review(session)
        if channel.is_private:
            forget_turn()
        return Turn(
            channel.replies,
            channel.subjects,
            channel.request,
            channel.is_private,
            masked=kept.message.removeprefix(WORD_JOINER),
            hidden=kept.hidden,
            questions=kept.questions,
        )

    async def _review(self, session: str) -> Kept:
        """What may be kept of a turn that its store did not have to write."""
        tracker = await self._conversations.retrieve(session)
        kept = self._discretion.review(session, list(tracker.events) if tracker else [])
        self._discretion.take(session)
        return kept


Parse = Callable[..., Coroutine[Any, Any, dict[str, Any]]]


def _telling_subject(processor: MessageProcessor) -> Parse:
    """Rasa's own reading of messages, told what each leans on in its conversation, whose tracker has been read then."""
    parse = processor.parse_message

    async def parse_in_conversation(
        message: UserMessage, tracker: DialogueStateTracker | None = None
    ) -> dict[str, Any]:
        if tracker is not None and not message.text.startswith("/"):
            message.metadata = _find_subject(message.text, tracker)
        return await parse(message, tracker)

    return parse_in_conversation


def _find_subject(text: str, tracker: DialogueStateTracker) -> dict[str, Any]:
    """What `text` leans on: the slug of the conversation's subject, the name that people call it by, whether a
    pronoun of the text may stand for it, what was offered, and the language so far."""
    typed = (event.parse_data for event in reversed(tracker.events) if isinstance(event, UserUttered))
    offer = {"offer": tracker.get_slot(OFFRE), "language": find_language(typed)}
    contexte = Contexte.read_slot(tracker.get_slot(CONTEXTE))
    base = shared_base()
    told = [(slug, name) for slug in (*contexte.avant, *contexte.sujets) if (name := base.name_of(slug))]
    if not told:
        return offer
    slug, is_one = choose_subject(text, told)
    return {"slug": slug, "subject": base.name_of(slug), "is_one": is_one} | offer


def load_models(masks: bool = True) -> None:
    """Load what is the same for every release: the sentence encoder, spaCy, and what finds names to mask."""
    # The encoder reads its weights at its first sentence.
    encode(["Bonjour"])
    load_language(FRENCH_MODEL, ())
    if masks:
        load_person_finder()


def load_content(release: Path) -> None:
    """Read the content of a release, which this process answers from, from now on."""
    os.environ[CONTENT_VARIABLE] = str(release / "data")
    shared_base()
    shared_corrector()
    shared_everyday()


def _read_stores(endpoints: Path, var: Path) -> AvailableEndpoints:
    stores = AvailableEndpoints.read_endpoints(str(endpoints))
    settings = stores.tracker_store.kwargs if stores.tracker_store else {}
    if settings.get("dialect") == "sqlite" and not Path(settings["db"]).is_absolute():
        settings["db"] = str((var / Path(settings["db"]).name).resolve())
    return stores
