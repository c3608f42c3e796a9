"""`make run`: the whole system on this machine, the demo on it, then it serves until Ctrl-C."""

import os
import signal
import sys

import toolbox

# A worker that was killed should be seen to recover while one watches; the cloud waits 6 x the timeout.
PARAMETERS = {"IngestRetrySeconds": "60", "MailRetrySeconds": "30", "ExportRetrySeconds": "30", "ReportRetrySeconds": "30"}


def main() -> int:
    toolbox.enter("run")
    import demo
    import system

    with system.stoppable():
        served = False
        try:
            with system.running(toolbox.LOCAL, _port(), {**PARAMETERS, **_model()}) as running:
                endpoints = running.describe()
                as_expected = demo.run(endpoints)
                if os.environ.get("ONCE"):
                    return 0 if as_expected else 1
                _invite(endpoints)
                served = True
                while True:
                    signal.pause()
        except system.Stopped:
            toolbox.say("stopped")
            return 0 if served else 130
        except (RuntimeError, TimeoutError) as problem:
            toolbox.say(f"stopped: {problem}")
            return 1


def _model() -> dict[str, str]:
    """A language model that may propose how unknown layouts are read; none unless the environment names one."""
    return {"LlmBaseUrl": os.environ.get("LLM_BASE_URL", ""), "LlmModel": os.environ.get("LLM_MODEL", "")}


def _port() -> int:
    given = os.environ.get("PORT") or "8080"
    if not given.isdigit() or not 0 < int(given) < 65536:
        sys.exit(f"PORT={given} is no port")
    return int(given)


def _invite(endpoints: dict) -> None:
    login = endpoints["demo"]
    print(f"\nAPI    {endpoints['api']}/v1\nlogin  {login['email']}  password {login['password']}")
    print(f"mails  {endpoints['mail_dir']}\nCtrl-C stops.\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
