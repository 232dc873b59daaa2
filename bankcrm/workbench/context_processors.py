"""Gives every template its frame."""

from django.http import HttpRequest

from bankcrm.workbench.frame import Frame


def frame(request: HttpRequest) -> dict[str, Frame]:
    """`frame`: menu, data date, posts, unit of money, watermark; read only as far as the template asks."""
    return {"frame": Frame(request)}
