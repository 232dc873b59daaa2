"""Looking after the machinery: probes for machines (`/healthz`, `/readyz`, `/metrics`), a page for the IT operators."""
