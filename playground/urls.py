"""The addresses of the site: the pages, the sandbox's door for curl, the admin."""

from django.contrib import admin
from django.urls import include, path

handler400 = "playground.web.views.refusals.bad_request"
urlpatterns = [
    path("", include("playground.web.urls")),
    path("sandbox/v3/", include("playground.sandbox.urls")),
    path("admin/", admin.site.urls),
]
