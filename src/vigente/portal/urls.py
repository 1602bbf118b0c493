"""Addresses for subscribers; the secret of a link is in the address and nowhere else."""

from django.urls import URLPattern, path

from vigente.portal import signing

urlpatterns: list[URLPattern] = [
    path("assinar/<str:token>/", signing.sign, name="sign"),
    path("assinar/<str:token>/codigo/", signing.send_code, name="sign-code"),
    path("assinar/<str:token>/recusar/", signing.refuse, name="sign-refuse"),
    path("assinar/<str:token>/documento/", signing.issued, name="sign-document"),
    path("assinar/<str:token>/via/", signing.sealed, name="sign-copy"),
]
