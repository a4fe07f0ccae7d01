"""Where a data directory lies: SQLite's write-ahead log needs this machine's own disk, never a network share (D2.7)."""

import ctypes
import os
import sys
from pathlib import Path

#: File systems that come over a network, as Linux names them.
NETWORK = frozenset(
    [
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "ncpfs",
        "afs",
        "ceph",
        "glusterfs",
        "fuse.glusterfs",
        "fuse.sshfs",
        "fuse.s3fs",
        "fuse.rclone",
        "lustre",
        "beegfs",
        "davfs",
        "fuse.davfs2",
    ]
)
MOUNTS = Path("/proc/self/mounts")
DRIVE_REMOTE = 4


def network_share(folder: Path, mounts: Path = MOUNTS) -> str | None:
    """The kind of network share `folder` lies on, or None for a disk of this machine (or where nobody can tell)."""
    folder = Path(os.path.realpath(folder))
    if sys.platform == "win32":
        remote = str(folder).startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(folder.anchor) == DRIVE_REMOTE
        return "network drive" if remote else None
    try:
        lines = mounts.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return None
    kinds: dict[Path, str] = {}
    for line in lines:
        _, place, kind, *_ = line.split(" ")
        # Blanks in a path are written \040; a later mount covers an earlier one at the same place.
        kinds[Path(place.replace("\\040", " "))] = kind
    nearest = next((kinds[place] for place in (folder, *folder.parents) if place in kinds), None)
    return nearest if nearest in NETWORK else None
