"""PostgreSQL's own settings for a machine of this size."""

import os
import shutil
from pathlib import Path

MIB = 1024**2
SMALL_SHARED_MEMORY = 256 * MIB  # Docker's default is 64 MB, too little for parallel queries


def memory_bytes() -> int:
    """The machine's memory, or the container's limit when that is lower."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        limit = int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return total
    return min(total, limit)


def clamp(value: int, low: int, high: int) -> int:
    """`value` kept between `low` and `high`."""
    return max(low, min(value, high))


def shared_memory_type() -> str:
    """`mmap` where /dev/shm is missing or tiny."""
    shm = Path("/dev/shm")  # noqa: S108 - only its size is looked at
    return "posix" if shm.is_dir() and shutil.disk_usage(shm).total >= SMALL_SHARED_MEMORY else "mmap"


def render(socket_folder: Path, *, durable: bool, preload: str = "") -> str:
    """The text of bankcrm.conf; the library `preload` is loaded at the start.

    PostgreSQL shares the machine with DuckDB and the web server, so it takes an eighth. `durable=False` is for tests: a
    power cut may lose their database.
    """
    memory = memory_bytes() // MIB
    values = {
        "listen_addresses": "''",
        "unix_socket_directories": f"'{socket_folder}'",
        "unix_socket_permissions": "0700",
        "max_connections": "80",
        "shared_buffers": f"{clamp(memory // 8, 64, 4096)}MB",
        "effective_cache_size": f"{clamp(memory // 2, 256, 65536)}MB",
        "maintenance_work_mem": f"{clamp(memory // 32, 64, 1024)}MB",
        "work_mem": f"{clamp(memory // 768, 8, 64)}MB",
        "dynamic_shared_memory_type": shared_memory_type(),
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",  # no spinning disks any more
        "jit": "off",  # compiling costs more than our short queries; the wheel has none anyway
        "password_encryption": "scram-sha-256",
        # Statements, and what errors say of them, hold values of customers: the server's log has neither. Our own logs
        # tell the kind of an error and slow statements without their values.
        "log_min_duration_statement": "-1",
        "log_min_error_statement": "panic",
        "log_min_messages": "log",
        "shared_preload_libraries": f"'{preload}'",
        "log_line_prefix": "'%m [%p] %u@%d '",
        "lc_messages": "'C'",
    }
    if not durable:
        values |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    return "".join(f"{name} = {value}\n" for name, value in values.items())
