"""An identity provider to sign in at: OpenID Connect over real HTTP, with a form instead of passwords."""

import json
import os
import urllib.error
import urllib.request

import children
from toolbox import VENV

# What the installation calls it; part of its routes.
ID = "laptop"
# Whoever opens the form may come as her with one click.
PERSON = {"sub": "dora", "email": "dora@maison-demo.example", "email_verified": True, "name": "Dora Demo"}


class IdentityProvider:
    """A provider on 127.0.0.1 that takes any client and any person."""

    def __init__(self, port: int):
        self.port = port
        # It takes its issuer from the address it is called by.
        self.issuer = f"http://127.0.0.1:{port}"

    def start(self, running: children.Children) -> None:
        """Starts it; `answers` says when it is there."""
        command = [VENV / "bin" / "oidc-provider-mock", "--port", self.port, "--require-nonce=true"]
        env = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TZ": "UTC"}
        running.start("identity-provider", [*command, "--user-claims", json.dumps(PERSON)], env=env)

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.issuer}/.well-known/openid-configuration", timeout=1) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def settings(self, client_secret: str) -> dict:
        """One of `providers` in the installation's secret."""
        name = "Identity provider of this machine"
        return {"id": ID, "name": name, "issuer": self.issuer, "client_id": "shelfline", "client_secret": client_secret}
