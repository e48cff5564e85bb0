"""The URLs of django-helpdesk's pages, because its mails contain links."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("helpdesk.urls", namespace="helpdesk"))]
