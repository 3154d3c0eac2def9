from django.apps import AppConfig


class PlaygroundConfig(AppConfig):
    name = "playground"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from accounts import signals

        from .models.search_index import after_migrating
        from .services import api_key_changed, team_deleted

        post_migrate.connect(after_migrating, sender=self)

        # Without a key, too, what waits for one goes on: to its end.
        signals.api_key_usable.connect(api_key_changed)
        signals.api_key_removed.connect(api_key_changed)
        signals.team_deleted.connect(team_deleted)
