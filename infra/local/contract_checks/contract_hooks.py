"""What schemathesis does not know by itself: how bodies that are no JSON travel, and who calls."""

import json
import os
import urllib.request

import schemathesis


@schemathesis.serializer("application/toml")
def toml(_, value):
    """Texts as they are: what is no TOML is ours to refuse."""
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.auth(refresh_interval=300, retry_on=[])
class Caller:
    """Signs in again before the access token ends, which lives for ten minutes."""

    def get(self, _case, _context):
        account = {"email": os.environ["CONTRACT_EMAIL"], "password": os.environ["CONTRACT_PASSWORD"]}
        url = os.environ["CONTRACT_API"] + "/v1/auth/login"
        request = urllib.request.Request(url, json.dumps(account).encode(), {"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["access_token"]

    def set(self, case, token, _context):
        case.headers["Authorization"] = f"Bearer {token}"
