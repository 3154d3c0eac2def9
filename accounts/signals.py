"""What other parts of the house may want to hear of people, teams and their API keys."""

from __future__ import annotations

from django.dispatch import Signal

api_key_usable = Signal()
"""`team`: its API key may be used (again): calls that waited for it go on. Sent on commit."""

api_key_removed = Signal()
"""`team`: it has no API key any more, so calls that waited for one wait in vain. Sent on commit."""

team_deleted = Signal()
"""`team`, `by`: what waits there waits in vain. Sent inside the transaction that deletes it."""
