"""The addresses of the site: the pages, the sandbox's door for curl, the admin."""

from django.contrib import admin
from django.urls import include, path

from playground.web.reference import documents as reference_documents

handler400 = "playground.web.errors.bad_request"
handler500 = "playground.web.errors.server_error"
# The one part of the site that is Django's own: whoever may sign in.
admin.site.site_header = admin.site.site_title = "Playground: people"
admin.site.index_title = "Who signs in"

urlpatterns = [
    path("", include("playground.web.urls")),
    path("sandbox/v3/openapi.json", reference_documents.sandbox, name="sandbox-openapi"),
    path("", include("playground.sandbox.urls")),
    path("admin/", admin.site.urls),
]
