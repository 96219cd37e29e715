"""Whether the whole is ready: asked of /readyz, told to people once."""

import http.client
import time

from socialcare.devserver.options import HOST, Options, Refusal

DEADLINE_S = 120.0
ASK_EVERY_S = 0.5  # a "not yet" is an error in the log and costs the web process time that it needs to start


class Readiness:
    """Looks until /readyz says yes; afterwards it looks no more."""

    def __init__(self, options: Options, sign_ins: str, began: float) -> None:
        self._options, self._sign_ins, self._began = options, sign_ins, began
        self._deadline = time.monotonic() + DEADLINE_S
        self._ask_at = 0.0
        self.told = False

    def look(self) -> str | None:
        """Return the sentence for people at the moment all is ready. Raises: Refusal after the deadline."""
        if self.told or time.monotonic() < self._ask_at:
            return None
        self._ask_at = time.monotonic() + ASK_EVERY_S
        answer = ask(self._options.port)
        if answer is None or answer[0] != 200:
            if time.monotonic() > self._deadline:
                said = "it does not answer" if answer is None else f"/readyz says {answer[0]} {answer[1]}"
                raise Refusal(f"Not ready after {DEADLINE_S:.0f} s: {said}; see {self._options.home / 'log'}.")
            return None
        self.told = True
        return self._welcome()

    def _welcome(self) -> str:
        lines = [
            "",
            f"Ready: {self._options.url}  (after {time.monotonic() - self._began:.1f} s)",
            self._sign_ins,
        ]
        if self._options.sandbox:
            lines.append(f"Be the customer: {self._options.sandbox_url}")
        lines += [f"Logs: {self._options.home / 'log'}", "Ctrl-C ends it."]
        return "\n".join(line for line in lines if line or line == "")


def ask(port: int) -> tuple[int, str] | None:
    """Ask /readyz once: status and the beginning of its words, None where nobody answers."""
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", "/readyz")
        response = connection.getresponse()
        return response.status, response.read(300).decode("utf-8", errors="replace")
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
