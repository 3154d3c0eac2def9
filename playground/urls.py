"""Addresses of the playground, the gallery and the pictures."""

from django.urls import URLPattern, path

from .views import generations, playground, sandbox

urlpatterns: list[URLPattern] = [
    path("playground/", playground.playground, name="playground"),
    path("playground/fields/", playground.fields, name="playground_fields"),
    path("playground/results/", playground.submission_results, name="results"),
    path("playground/wait/", playground.wait, name="wait"),
    path("generations/<int:pk>/cancel/", generations.cancel, name="cancel"),
    path("generations/<int:pk>/retry/", generations.retry, name="retry"),
    path("submissions/<int:pk>/cancel/", generations.cancel_all, name="cancel_all"),
    path("submissions/<int:pk>/retry/", generations.retry_failed, name="retry_failed"),
    path("sandbox/", sandbox.sandbox, name="sandbox"),
    path("sandbox/<path:below>", sandbox.sandbox_api, name="sandbox_api"),
]
