"""The contract: what upstream systems promise to deliver. `docs/feeds.md` is generated from these declarations."""
