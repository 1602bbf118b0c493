"""Addresses of the product: each door brings its own."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("vigente.portal.urls")),
    path("", include("vigente.backoffice.urls")),
]

handler400 = "vigente.backoffice.errors.bad_request"
handler403 = "vigente.backoffice.errors.forbidden"
handler404 = "vigente.backoffice.errors.not_found"
handler500 = "vigente.backoffice.errors.failed"
handler429 = "vigente.backoffice.errors.too_many"  # of allauth, which limits attempts
