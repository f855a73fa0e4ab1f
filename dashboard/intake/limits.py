"""What a process that reads a stranger's file may use."""

from __future__ import annotations

_CPU_SECONDS = 600
_OPEN_FILES = 64


def limit_this_process(memory_bytes: int) -> None:
    """Limit memory, computing time and open files of this very process, and forbid core dumps.

    RLIMIT_DATA, not RLIMIT_AS: address space alone costs nothing, and libraries reserve much of it.
    """
    try:
        import resource
    except ImportError:  # no such limits on Windows; the parent's wall clock still holds
        return
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
