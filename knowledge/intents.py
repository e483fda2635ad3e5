"""The intents that say what the classifier decided: it gives them, the actions read them, `domain.yml` lists them."""

from __future__ import annotations

# Two or three subjects are worth proposing.
UNSURE = "nlu_unsure"
# It is better to say that one does not know.
UNKNOWN = "nlu_fallback"
# Not one of our subjects.
OFF_TOPIC = "out_of_scope"
# Something is asked of what came before, not said what: « et la CAF ? ».
FOLLOWUP = "ask_followup"
# Something more is asked of what was just told, in words that name no subject.
MORE = "ask_more"
# Nothing is asked: « c’est beau sur le papier ».
REACTION = "react"
# A wish to do something, and the subject that tells about it: told first by its button, and what it counts for.
SUBJECT_OF_REQUEST = {"start_join": "rejoindre_conseil_citoyen", "start_message": "contacter_service"}
