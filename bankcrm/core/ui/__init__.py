"""What pages are put together from: figures, states, charts, paging. The tags of `templatetags/ui.py` render them."""
