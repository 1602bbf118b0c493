"""The worker as a Django app, so that its tasks are found."""

from django.apps import AppConfig


class Worker(AppConfig):
    """Where the jobs are."""

    name = "vigente.worker"
