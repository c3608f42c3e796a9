"""Builds the functions the way the tests do, and packs each as the zip that Lambda takes."""

import io
import json
import pathlib
import subprocess
import zipfile

from toolbox import ROOT


def cargo(*arguments: str, capture: bool = False) -> str:
    """Runs cargo in the checkout; ends it when we are interrupted. Returns its output when asked to."""
    command = ["cargo", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE if capture else None, text=True) as child:
        try:
            output, _ = child.communicate()
        except BaseException:
            child.terminate()
            raise
    if child.returncode != 0:
        raise SystemExit(f"`{' '.join(command)}` failed")
    return output or ""


def functions() -> dict[str, pathlib.Path]:
    """Builds all binaries of the workspace; name to path."""
    return programs("--workspace", "--bins")


def programs(*selection: str) -> dict[str, pathlib.Path]:
    """Builds the selected binaries; name to path."""
    messages = cargo("build", *selection, "--locked", "--message-format=json-render-diagnostics", capture=True)
    built = {}
    for line in messages.splitlines():
        message = json.loads(line)
        if message["reason"] == "compiler-artifact" and message["executable"] and {"bin", "example"} & set(message["target"]["kind"]):
            built[message["target"]["name"]] = pathlib.Path(message["executable"])
    return built


def pack(binary: bytes) -> bytes:
    """A zip with the binary as `bootstrap`; stored, because unpacking would cost more than it saves here."""
    archive = io.BytesIO()
    entry = zipfile.ZipInfo("bootstrap")
    entry.external_attr = 0o755 << 16
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as file:
        file.writestr(entry, binary)
    return archive.getvalue()
