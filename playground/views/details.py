"""What the gallery shows of a picture without leaving it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import person

from .. import details, lineage, sorting
from ..imagepig.endpoints import TABLE
from ..models import Generation
from .panels import marks_panel


@login_required
@never_cache
@require_safe
def picture_details(request: HttpRequest, pk: int) -> HttpResponse:
    """A picture's prompt, seed and parameters, and what somebody makes of it: part of a page."""
    user = person(request)
    pictures = Generation.objects.visible_to(user).pictures().defer("answer")
    picture = get_object_or_404(pictures.select_related("author", "parent", "origin"), pk=pk)
    may_edit = Generation.objects.editable_by(user).filter(pk=pk).exists()
    context = marks_panel(user, picture, may_edit=may_edit) | {
        "entry": TABLE.get(picture.endpoint),
        "parameters": details.parameter_rows(picture),
        "source": lineage.source_of(picture),
        "starred": sorting.starred(user, [picture]),
    }
    return render(request, "playground/_details.html", context)
