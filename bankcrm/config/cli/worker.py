"""`bankcrm worker`."""

import click


@click.command()
@click.option("--concurrency", type=click.IntRange(1, 32), default=2, show_default=True, help="Jobs at the same time.")
@click.option("--queue", "queues", multiple=True, help="Only this queue; may be given several times.")
def worker(concurrency: int, queues: tuple[str, ...]) -> None:
    """Run background jobs: loads, builds, exports, periodic work. `serve` runs one already.

    Ctrl-C or SIGTERM lets the running jobs finish.
    """
    from procrastinate.contrib.django import app

    from bankcrm.core.sealing import keep_sealing

    with keep_sealing(), app.replace_connector(app.connector.get_worker_connector()) as running:  # type: ignore[attr-defined]
        running.run_worker(
            queues=list(queues) or None,
            concurrency=concurrency,
            shutdown_graceful_timeout=60,
            delete_jobs="never",
            install_signal_handlers=True,
        )
