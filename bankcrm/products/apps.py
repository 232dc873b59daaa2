"""What the bank sells."""

from django.apps import AppConfig


class ProductsConfig(AppConfig):
    """The product catalogue."""

    name = "bankcrm.products"
