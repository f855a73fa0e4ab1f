"""The errors a person can act on, in one tree. Anything else that is raised is a bug."""

from __future__ import annotations


class AppError(Exception):
    """Something went wrong that a person can mend.

    Parameters
    ----------
    code : str
        Stable name for programs, e.g. ``"no_customer_column"``.
    title : str
        What happened, one plain sentence.
    detail : str, optional
        Where: the row, column, value or limit concerned.
    fix : str, optional
        What to do next.
    """

    kind = "invalid"

    def __init__(self, code: str, title: str, detail: str = "", fix: str = "") -> None:
        super().__init__(title)
        self.code = code
        self.title = title
        self.detail = detail
        self.fix = fix

    def __str__(self) -> str:
        return " ".join(part for part in (self.title, self.detail, self.fix) if part)

    def __reduce__(self) -> tuple[type[AppError], tuple[str, str, str, str]]:
        return type(self), (self.code, self.title, self.detail, self.fix)


class InvalidInputError(AppError):
    """The file, an option or a value cannot be used as given."""

    kind = "invalid"


class TooLargeError(AppError):
    """A limit of size, time or memory was reached."""

    kind = "too_large"


class NotFoundError(AppError):
    """What was asked for does not exist."""

    kind = "not_found"


class ConflictError(AppError):
    """The request contradicts the state of the store."""

    kind = "conflict"


class ForbiddenError(AppError):
    """The person may not do this."""

    kind = "forbidden"


class UnavailableError(AppError):
    """Something this needs (store, worker, disk) is not there at the moment."""

    kind = "unavailable"
