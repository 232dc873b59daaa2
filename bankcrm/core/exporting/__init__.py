"""Files that leave the product, and prints: asked for with a purpose, traced by a code, large ones agreed to.

`writers` writes them under a `cover`, `records` keeps who took what, `approving` asks a second person for large ones.
Import the modules; nothing is gathered here, because the models need `codes` before there are models.
"""
