"""Links for people without an account: to one picture, a collection or an experiment."""

from .links import DAYS, Shared, count_view, make, opened, revoke, shared_of

__all__ = ["DAYS", "Shared", "count_view", "make", "opened", "revoke", "shared_of"]
