"""Addresses of the playground, the gallery and the pictures."""

from django.urls import URLPattern, path

from .views import files, gallery, generations, home, pictures, playground, sandbox

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("playground/", playground.playground, name="playground"),
    path("playground/fields/", playground.fields, name="playground_fields"),
    path("playground/results/", playground.submission_results, name="results"),
    path("playground/wait/", playground.wait, name="wait"),
    path("generations/<int:pk>/cancel/", generations.cancel, name="cancel"),
    path("generations/<int:pk>/retry/", generations.retry, name="retry"),
    path("submissions/<int:pk>/cancel/", generations.cancel_all, name="cancel_all"),
    path("submissions/<int:pk>/retry/", generations.retry_failed, name="retry_failed"),
    path("gallery/", gallery.gallery, name="gallery"),
    path("gallery/arriving/", gallery.arriving_pictures, name="arriving_pictures"),
    path("gallery/new/", gallery.new_pictures, name="new_pictures"),
    path("gallery/examples/", gallery.examples, name="examples"),
    path("pictures/<int:pk>/", pictures.picture, name="picture"),
    path("pictures/<int:pk>/file/", files.picture_file, name="picture_file"),
    path("pictures/<int:pk>/thumbnail/", files.picture_thumbnail, name="picture_thumbnail"),
    path("pictures/<int:pk>/download/", files.picture_download, name="picture_download"),
    path("pictures/<int:pk>/remembers/", files.picture_with_memory, name="picture_with_memory"),
    path("pictures/<int:pk>/rerun/", pictures.rerun, name="rerun"),
    path("pictures/<int:pk>/delete/", pictures.delete_picture, name="delete_picture"),
    path("pictures/<int:pk>/restore/", pictures.restore_picture, name="restore_picture"),
    path("generations/<int:pk>/answer/", files.answer, name="answer"),
    path("sandbox/", sandbox.sandbox, name="sandbox"),
    path("sandbox/<path:below>", sandbox.sandbox_api, name="sandbox_api"),
]
