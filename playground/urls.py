"""Addresses of the playground, the gallery and the pictures."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
