"""Addresses of people, teams and their API keys."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
