"""Schemathesis: calls the deployed system with what docs/openapi.json allows and with what it forbids."""

import json
import os
import pathlib
import subprocess
import urllib.request
import uuid

import postgres
import toolbox

# What schemathesis is told, in a folder of its own: it reads modules from there.
CHECKS = pathlib.Path(__file__).resolve().parent / "contract_checks"
DOCUMENT = toolbox.ROOT / "docs" / "openapi.json"
# One that found something before, and any other would do.
SEED = 20260101
# Random ones of each operation: more find more, and take longer.
EXAMPLES = 10
PASSWORD = "held against its own document"


def command(api: str, share: int) -> list:
    """The command that holds every operation against the document: all cases there are, or one of `share` of those that cover it."""
    phases = ["examples", "coverage"] if share > 1 else ["examples", "coverage", "fuzzing"]
    return [
        toolbox.VENV / "bin" / "schemathesis", "--config-file", CHECKS / "schemathesis.toml", "--no-color", "run", DOCUMENT, "--url", api,
        "--seed", SEED, "--phases", ",".join(phases), "--max-examples", EXAMPLES, "--workers", 2, "--continue-on-failure", "--generation-database", "none",
        "--report-dir", toolbox.LOCAL / "test" / "contract",
    ]  # fmt: skip


def environment(endpoints: dict, role: str, share: int) -> dict[str, str]:
    """What the command needs to know besides: who calls, a new organisation's owner or viewer; and how much of it."""
    email = _account(endpoints, role)
    caller = {"CONTRACT_API": endpoints["api"], "CONTRACT_EMAIL": email, "CONTRACT_PASSWORD": PASSWORD}
    caller["CONTRACT_SHARE"] = str(share)
    return {**os.environ, **caller, "SCHEMATHESIS_HOOKS": "contract_hooks", "PYTHONPATH": str(CHECKS)}


def _account(endpoints: dict, role: str) -> str:
    """The address of somebody in this role."""
    email = f"{role}-{uuid.uuid4().hex[:8]}@contract.example"
    session = _post(endpoints["api"], "/v1/auth/register", {"organization": "Contract", "email": email, "password": PASSWORD})
    if role != "owner":
        update = f"UPDATE users SET role = '{role}' WHERE id = '{session['user']['id']}'"
        psql = [postgres.binaries() / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", endpoints["database"]["admin"], "-c", update]
        subprocess.run(psql, check=True)
    return email


def _post(api: str, path: str, body: dict) -> dict:
    request = urllib.request.Request(api + path, json.dumps(body).encode(), {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)
