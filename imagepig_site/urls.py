"""Which address leads where."""

from django.contrib import admin
from django.urls import include, path

from imagepig_site import views

urlpatterns = [
    path("", include("playground.urls")),
    path("", include("accounts.urls")),
    path("theme/", views.theme, name="theme"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
