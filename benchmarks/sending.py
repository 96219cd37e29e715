"""Do answers arrive exactly once while senders are killed and paused and the network breaks off after posting?

    python -m benchmarks.sending --replies 5000 --kills 100 --pauses 40 --ambiguous 0.05 --seed 1 [--json PATH]
                                 [--threads SHARE]
                                 [--break no-lock|claim-clock|no-settle]

Real servers, a real sandbox over HTTP, the real tweepy; senders are processes of their own. An agent submits every
answer and resends with one click what is said not to have arrived. The sandbox is then asked what stands there: each
answer once below its question, and of a thread each part once below the part before it.
With --break a safeguard is taken away: the run must then find doubles, and exits with 1 as any red run does.
Source of the figures to beat: reliability.md §0, runs J to T.
"""

import argparse
import base64
import json
import os
import secrets
import sys
import tempfile
from pathlib import Path

from benchmarks.tables import show
from socialcare.embedded import Embedded
from tests.sandbox.running import Sandbox, running

BREAKS = ("no-lock", "claim-clock", "no-settle")


def environment(home: Path, sandbox: Sandbox, settle_s: int, gap_s: int) -> dict[str, str]:
    """What the settings read, before anything of ours is imported."""
    return {
        "DJANGO_SETTINGS_MODULE": "socialcare.settings",
        "SOCIALCARE_HOME": str(home),
        "SECRET_KEY": secrets.token_urlsafe(50),
        "CREDENTIAL_KEYS": f"run:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        "PASSWORD_HASHER": "django.contrib.auth.hashers.MD5PasswordHasher",
        "PUBLIC_URL": "http://127.0.0.1:8000",
        "X_API_URL": sandbox.base_url,
        "X_AUTH_URL": sandbox.base_url,
        "SEND_HOLD_SECONDS": "0",
        "SEND_SETTLE_SECONDS": str(settle_s),
        "SEND_READ_GAP_SECONDS": str(gap_s),
        "LOG_LEVEL": "ERROR",
    }


def main(arguments: list[str] | None = None) -> int:
    chosen = parse(arguments)
    with tempfile.TemporaryDirectory(prefix="socialcare-sending-") as directory, running() as sandbox:
        Path(directory).chmod(0o711)
        home = Path(directory) / "home"
        os.environ.update(environment(home, sandbox, chosen.settle, chosen.gap))
        with Embedded(home, durable=False) as urls:
            os.environ.update(urls)
            from benchmarks.sending_rig import Rig  # reads the settings, which read the environment

            result = Rig(sandbox, chosen).run()
    show("What came out", result)
    if chosen.json:
        chosen.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return 1 if result["doubled"] or result["lost"] or result["left_unknown"] or result["wrong_account"] else 0


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replies", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--pauses", type=int, default=8)
    parser.add_argument("--pause-seconds", type=float, default=9.0)
    parser.add_argument("--ambiguous", type=float, default=0.05, help="share of calls that post and then break off")
    parser.add_argument("--threads", type=float, default=0.0, help="share of answers that take three posts")
    parser.add_argument("--lag", type=float, default=1.0, help="seconds until the own timeline shows a post")
    parser.add_argument("--settle", type=int, default=5, help="SEND_SETTLE_SECONDS")
    parser.add_argument("--gap", type=int, default=1, help="SEND_READ_GAP_SECONDS")
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--deadline", type=float, default=1800, help="seconds after which the run is given up")
    parser.add_argument("--break", dest="broken", choices=BREAKS, default="")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, metavar="PATH")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
