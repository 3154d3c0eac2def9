"""Addresses of people, teams and their API keys."""

from django.urls import path

from .views import account, api_key

urlpatterns = [
    path("account/", account.account, name="account"),
    path("team/api-key/", api_key.api_key, name="api_key"),
    path("team/api-key/replace/", api_key.replace_api_key, name="replace_api_key"),
    path("team/api-key/remove/", api_key.remove_api_key, name="remove_api_key"),
    path("team/api-key/resume/", api_key.resume_api_key, name="resume_api_key"),
]
