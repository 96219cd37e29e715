"""Where the embedded servers keep their data, and whom they run as.

PostgreSQL refuses to run as root, so root gives both servers to a plain user. That user must be able to
walk to the data and to the binaries; where it cannot, other directories are used. The mode of a directory
that we did not make is never changed.
"""

import errno
import hashlib
import os
import pwd
import shutil
import stat
from pathlib import Path

from socialcare.servers.errors import DiskFull, NotOurs, NotTraversable
from socialcare.servers.processes import PlainUser

ROOT_FALLBACK = Path("/var/lib/socialcare")
MIN_FREE_BYTES = 256 * 2**20  # a fresh cluster with its WAL takes about 60 MB; the rest is room to work


def plain_user(owned: Path) -> PlainUser | None:
    """Tell whom the servers run as: None means as we are.

    Root gives way to the owner of existing data, else to `nobody`. A uid without a passwd entry would not do:
    PostgreSQL looks its own name up.
    """
    if os.geteuid() != 0:
        return None
    uid = owned.stat().st_uid if owned.exists() else 0
    entry = pwd.getpwuid(uid) if uid else pwd.getpwnam("nobody")
    return PlainUser(entry.pw_name, entry.pw_uid, entry.pw_gid)


def blocked_at(path: Path, user: PlainUser) -> Path | None:
    """Find the first directory on the way to `path` that the user may not pass, None when the way is free."""
    for directory in [*reversed(path.resolve().parents)]:
        if directory.exists() and not _may_pass(directory, user):
            return directory
    return None


def _may_pass(directory: Path, user: PlainUser) -> bool:
    info = directory.stat()
    if info.st_uid == user.uid:
        return bool(info.st_mode & stat.S_IXUSR)
    if info.st_gid == user.gid:
        return bool(info.st_mode & stat.S_IXGRP)
    return bool(info.st_mode & stat.S_IXOTH)


def make_home(home: Path) -> None:
    """Make the home directory and its private rooms; the servers' user can pass root's home, not list it."""
    try:
        if not home.exists():
            home.mkdir(parents=True)
            home.chmod(0o711 if os.geteuid() == 0 else 0o700)
        for name in ("log", "secrets"):
            (home / name).mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise explained(error, home) from error


def state_directory(home: Path, root_fallback: Path = ROOT_FALLBACK) -> Path:
    """Give the directory of the servers' data: the home, or for root another one if nobody may pass there."""
    user = plain_user(home / "postgres")
    if user is None or blocked_at(home / "postgres", user) is None:
        return home
    fallback = root_fallback / hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:12]
    if blocked_at(fallback / "postgres", user) is not None:
        raise NotTraversable(
            f"The database runs as {user.name}, who cannot enter {blocked_at(home / 'postgres', user)};"
            " choose another directory with SOCIALCARE_HOME."
        )
    fallback.mkdir(parents=True, exist_ok=True)
    for directory in (root_fallback, fallback):
        directory.chmod(0o711)
    return fallback


def private_directory(path: Path, user: PlainUser | None) -> Path:
    """Make a directory that only the servers' user (and root) can enter; refuse somebody else's."""
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        pass
    except OSError as error:
        raise explained(error, path) from error
    info = path.lstat()  # not followed: in the shared temporary directory the name could be somebody's link
    owners = {os.geteuid(), user.uid if user else os.geteuid()}
    if not stat.S_ISDIR(info.st_mode) or info.st_uid not in owners:
        raise NotOurs(f"{path} belongs to another user; remove it or set SOCIALCARE_HOME.")
    if user is not None:
        os.chown(path, user.uid, user.gid, follow_symlinks=False)
    path.chmod(0o700)
    return path


def require_space(directory: Path, min_free_bytes: int = MIN_FREE_BYTES) -> None:
    """Refuse to start on a nearly full disk, where PostgreSQL would stop in the middle of a write."""
    free = shutil.disk_usage(directory).free
    if free < min_free_bytes:
        raise DiskFull(
            f"Only {free // 2**20} MB are free on the disk of {directory};"
            f" Socialcare needs {min_free_bytes // 2**20} MB."
        )


def explained(error: OSError, path: Path) -> Exception:
    """Turn what the file system refuses into our sentence; anything else stays what it is."""
    if error.errno == errno.ENOSPC or "No space left" in str(error):
        return DiskFull(f"The disk of {path} is full; free some space and start again.")
    if error.errno in (errno.EACCES, errno.EPERM, errno.ENOTDIR, errno.EEXIST, errno.EISDIR, errno.EROFS):
        return NotOurs(f"{error.filename or path} cannot be written ({error.strerror}); set SOCIALCARE_HOME.")
    return error


def hand_over(tree: Path, user: PlainUser) -> None:
    """Give a directory and everything below it to the servers' user."""
    for path in [tree, *tree.rglob("*")]:
        os.chown(path, user.uid, user.gid, follow_symlinks=False)
