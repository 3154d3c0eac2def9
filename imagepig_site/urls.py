"""Which address leads where."""

from django.contrib import admin
from django.urls import include, path

from imagepig_site import health, metrics, views

urlpatterns = [
    path("", include("playground.urls")),
    path("", include("accounts.urls")),
    path("theme/", views.theme, name="theme"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    # For machines: without a slash at their end, as these are called everywhere.
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
]
