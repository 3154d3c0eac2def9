"""Addresses of the playground, the gallery and the pictures."""

from django.urls import URLPattern, path

from .views import sandbox

urlpatterns: list[URLPattern] = [
    path("sandbox/", sandbox.sandbox, name="sandbox"),
    path("sandbox/<path:below>", sandbox.sandbox_api, name="sandbox_api"),
]
