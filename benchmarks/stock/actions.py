"""The custom action of the stock project: it looks an answer up in a JSON file, as a FAQ bot would."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

CONTENT = json.loads((Path(__file__).parent / "content.json").read_text(encoding="utf-8"))


class ActionLookup(Action):
    """Answers with what the message names, else with what belongs to its intent."""

    def name(self) -> str:
        """The name under which the rules call it."""
        return "action_lookup"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Say one text."""
        message = (tracker.latest_message.get("text") or "").casefold()
        named = next((slug for name, slug in CONTENT["names"].items() if name in message), None)
        intent = tracker.get_intent_of_latest_message()
        dispatcher.utter_message(text=CONTENT["texts"].get(named or intent, CONTENT["otherwise"]))
        return []
