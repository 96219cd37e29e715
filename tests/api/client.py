"""A machine that calls the API with a token of its own."""

import json
from typing import Any

from django.test import Client

from accounts.models import User
from accounts.services import tokens

BASE = "/api/v1/"


class Answer:
    """Status, headers and the parsed body."""

    def __init__(self, response: Any) -> None:
        self.status: int = response.status_code
        self.headers = response.headers
        self.json: Any = json.loads(response.content) if response.content else None

    def __repr__(self) -> str:
        return f"{self.status} {self.json}"


class Machine:
    """Calls as one person."""

    def __init__(self, user: User, token: str = "") -> None:
        self.user = user
        self.token = token or tokens.create(user.pk, name="test", actor=user)[1]
        self.client = Client(headers={"Authorization": f"Bearer {self.token}"})

    def get(self, path: str, **query: Any) -> Answer:
        return Answer(self.client.get(BASE + path, query))

    def post(self, path: str, body: Any = None, *, key: str = "") -> Answer:
        headers = {"Idempotency-Key": key} if key else {}
        content = json.dumps({} if body is None else body)
        return Answer(self.client.post(BASE + path, content, content_type="application/json", headers=headers))

    def delete(self, path: str) -> Answer:
        return Answer(self.client.delete(BASE + path))

    def send(self, method: str, path: str, content: bytes = b"", content_type: str = "application/json") -> Answer:
        """Bytes as they are."""
        return Answer(self.client.generic(method, BASE + path, content, content_type=content_type))
