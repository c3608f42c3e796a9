"""`make build` and `make deploy`: release binaries for Lambda with cargo-lambda, and their deployment with SAM."""

import os
import shutil
import subprocess
import sys

import toolbox

NO_SAM = """\
`sam` is not installed. It comes with `pip install aws-sam-cli` (https://docs.aws.amazon.com/serverless-application-model/).

What deploying does, once (the slow, stateful stacks):
  aws cloudformation deploy --stack-name shelfline-network  --template-file infra/network.yaml
  aws cloudformation deploy --stack-name shelfline-database --template-file infra/database.yaml --capabilities CAPABILITY_IAM
and each time:
  make build
  sam deploy --stack-name shelfline --template-file template.yaml --resolve-s3 --capabilities CAPABILITY_IAM --parameter-overrides …
  aws lambda invoke --function-name <output DbMigrateFunction> /dev/stdout
  aws cloudformation deploy --stack-name shelfline-alarms   --template-file infra/alarms.yaml
infra/README.md explains the parameters."""


def build(architecture: str) -> None:
    """Builds every function into target/lambda/<function>/bootstrap, the folders that template.yaml names."""
    toolbox.enter("build")
    toolbox.say(f"building release binaries for {architecture}; the first time takes a while")
    # cargo-lambda finds zig beside itself.
    path = os.pathsep.join([str(toolbox.VENV / "bin"), os.environ["PATH"]])
    command = ["cargo", "lambda", "build", "--workspace", "--bins", "--release", "--locked"]
    target = {"arm64": "--arm64", "x86_64": "--x86-64"}[architecture]
    command += [target, "--lambda-dir", "target/lambda"]
    subprocess.run(command, cwd=toolbox.ROOT, env={**os.environ, "PATH": path}, check=True)


def deploy(architecture: str) -> None:
    """Builds, deploys with SAM and migrates the database, which a new version of the code needs."""
    sam = shutil.which("sam")
    if sam is None:
        sys.exit(NO_SAM)
    build(architecture)
    stack = os.environ.get("STACK", "shelfline")
    command = [sam, "deploy", "--stack-name", stack, "--template-file", "template.yaml", "--resolve-s3"]
    command += ["--capabilities", "CAPABILITY_IAM", "--no-fail-on-empty-changeset"]
    given = os.environ.get("PARAMETERS", "").split()
    command += ["--parameter-overrides", f"Architecture={architecture}", *given]
    subprocess.run(command, cwd=toolbox.ROOT, check=True)
    output = "Stacks[0].Outputs[?OutputKey=='DbMigrateFunction'].OutputValue"
    describe = ["aws", "cloudformation", "describe-stacks", "--stack-name", stack, "--query", output, "--output", "text"]
    function = subprocess.run(describe, check=True, capture_output=True, text=True).stdout.strip()
    # A migration may take as long as its function is allowed to.
    invoke = ["aws", "lambda", "invoke", "--cli-read-timeout", "900", "--function-name", function, "--query", "FunctionError", "--output", "text"]
    answer = subprocess.run([*invoke, "/dev/stderr"], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    if answer != "None":
        sys.exit(f"db-migrate failed: {answer}")


if __name__ == "__main__":
    {"build": build, "deploy": deploy}[sys.argv[1]](sys.argv[2])
