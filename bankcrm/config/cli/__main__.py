"""`python -m bankcrm.config.cli`, the same as `bankcrm`."""

from bankcrm.config.cli import main

main()
