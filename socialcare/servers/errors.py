"""What can go wrong with the embedded servers. Each message is a sentence for the person at the terminal."""


class EmbeddedError(RuntimeError):
    """An embedded server cannot run here; the message says why and what helps."""


class AlreadyRunning(EmbeddedError):
    """Another process holds this data directory."""


class DiskFull(EmbeddedError):
    """The file system of the data directory has no room."""


class NotTraversable(EmbeddedError):
    """The plain user that the servers run as cannot reach the data directory."""


class NotOurs(EmbeddedError):
    """The data belong to somebody else, or were made by another version."""


class NoBinaries(EmbeddedError):
    """No server binaries are installed for this machine."""


class StartFailed(EmbeddedError):
    """The server ended or stayed silent while starting."""
