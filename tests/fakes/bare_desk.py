"""A desk without what only POSIX systems have, as far as Linux can play one."""

from pathlib import Path

# What Windows lacks, but for the little that other libraries ask of every system that calls itself Linux.
_MODULES = ("fcntl", "resource", "termios", "tty", "pty", "pwd", "grp", "syslog", "readline")
_OF_OS = (
    "fork", "forkpty", "register_at_fork", "posix_spawn", "killpg", "setsid", "getpgid", "getgid",
    "sched_getaffinity", "sched_setaffinity", "sysconf", "statvfs", "getloadavg", "nice", "pread", "pwrite",
    "preadv", "pwritev", "mkfifo", "mknod", "chown", "lchown", "fchown", "O_DIRECTORY", "O_CLOEXEC",
    "O_NOFOLLOW", "O_NONBLOCK",
)  # fmt: skip
_OF_SIGNAL = (
    "pthread_sigmask", "pthread_kill", "sigwait", "SIG_BLOCK", "SIG_SETMASK", "SIGKILL", "SIGUSR1", "SIGHUP",
    "SIGALRM", "alarm", "setitimer",
)  # fmt: skip
_SITECUSTOMIZE = f"""
import os, signal, sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name in {_MODULES!r}:
            raise ModuleNotFoundError("No module named " + repr(name), name=name)

sys.meta_path.insert(0, Missing())
for name in {_MODULES!r}:
    sys.modules.pop(name, None)
for module, names in ((os, {_OF_OS!r}), (signal, {_OF_SIGNAL!r})):
    for name in names:
        if hasattr(module, name):
            delattr(module, name)
"""


def bare_desk(folder: Path) -> dict[str, str]:
    """Return what puts Python, and every process that it starts, on such a desk, for the environment."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sitecustomize.py").write_text(_SITECUSTOMIZE)
    return {"PYTHONPATH": str(folder)}
