"""A form with files ends before it fills the disk; it is read before anybody knows who sent it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

# Four pictures of 5 MB each (the most that a network takes), and their text. deploy/Caddyfile says the same.
LIMIT_BYTES = 28 * 1024 * 1024


class SizeLimit(FileUploadHandler):
    """Refuses by the size that was announced; Django reads no further than that."""

    def handle_raw_input(
        self, _input_data: Any, _meta: Any, content_length: int, _boundary: Any, _encoding: str | None = None
    ) -> None:
        """Raises: RequestDataTooBig."""
        if content_length > LIMIT_BYTES:
            raise RequestDataTooBig("A form with files is too large.")

    def receive_data_chunk(self, raw_data: bytes, _start: int) -> bytes:
        return raw_data

    def file_complete(self, _file_size: int) -> None:
        return None
