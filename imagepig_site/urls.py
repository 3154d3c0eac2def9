"""Which address leads where."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("playground.urls")),
    path("", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
