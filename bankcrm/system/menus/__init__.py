"""The left menu as the bank arranges it: order, names, icons, who sees a line, and links to other systems.

The lines themselves are code (`core.extensions.menu`); what stands here changes how they show, never what anybody may.
"""
