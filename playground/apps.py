"""The Django application of the playground itself."""

from django.apps import AppConfig


class PlaygroundConfig(AppConfig):
    name = "playground"
    label = "playground"
    verbose_name = "Playground"
