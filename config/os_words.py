"""What the operating system says about a file, in sentences of our own: its English helps nobody at a Chinese desk."""

import errno

from config.findings import Sentence, sentence

#: What Windows says when another program has the file open.
_SHARING_VIOLATION = 32

_WORDS = {
    errno.EACCES: sentence("no permission"),
    errno.EPERM: sentence("no permission"),
    errno.EISDIR: sentence("this is a folder, not a file"),
    errno.ENOTDIR: sentence("a part of the path is a file, not a folder"),
    errno.ENOENT: sentence("there is no such folder"),
    errno.ENAMETOOLONG: sentence("the name is too long"),
    errno.EINVAL: sentence("the name has a character that no file name may have"),
    errno.EROFS: sentence("the disk can only be read"),
    errno.ENOSPC: sentence("the disk is full"),
    getattr(errno, "EDQUOT", errno.ENOSPC): sentence("the disk is full"),  # not on Windows
    errno.EIO: sentence("the disk or stick does not answer properly"),
    errno.ELOOP: sentence("the link leads round in a circle"),
}


def in_words(trouble: OSError) -> Sentence:
    """The trouble in a few words; the system's own where it is a rare one."""
    if getattr(trouble, "winerror", None) == _SHARING_VIOLATION:
        return sentence("another program has it open")
    words = _WORDS.get(trouble.errno or 0)
    if words is not None:
        return words
    return sentence("the system says '{detail}'", detail=trouble.strerror or type(trouble).__name__)
