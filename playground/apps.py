from django.apps import AppConfig


class PlaygroundConfig(AppConfig):
    name = "playground"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from accounts.signals import api_key_removed, api_key_usable

        from .models.search_index import after_migrating
        from .services import api_key_changed

        post_migrate.connect(after_migrating, sender=self)

        # Without a key, too, what waits for one goes on: to its end.
        api_key_usable.connect(api_key_changed)
        api_key_removed.connect(api_key_changed)
