"""Deploys template.yaml to the emulator: the steps that `sam deploy` takes in the cloud."""

import hashlib
import json
import pathlib
import time
from dataclasses import dataclass

import build
import template
from emulator import ACCOUNT, REGION, Emulator
from toolbox import ROOT

STACK = "shelfline"
ARTIFACTS = "artifacts"
TEMPLATE_KEY = "template.json"
TEMPLATE = ROOT / "template.yaml"
INBOX = "InboxBucket"


@dataclass
class Deployed:
    """What the stack offers: its outputs by name."""

    outputs: dict[str, str]
    uploaded: int


class Deployment:
    """One deployment to a freshly started emulator, which still holds the objects of earlier runs."""

    def __init__(self, emulator: Emulator):
        self.s3 = emulator.client("s3")
        self.cloudformation = emulator.client("cloudformation")
        self.gateway = emulator.client("apigatewayv2")
        self.secrets = emulator.client("secretsmanager")
        self.functions = emulator.client("lambda")

    def secret(self, name: str, value: dict) -> str:
        """Creates a secret and returns its ARN."""
        return self.secrets.create_secret(Name=name, SecretString=json.dumps(value))["ARN"]

    def run(self, built: dict[str, pathlib.Path], parameters: dict[str, str]) -> Deployed:
        """Uploads what changed, brings the stack up, and migrates the database."""
        code, uploaded = self._upload_code(built)
        translated, apis = template.translate(TEMPLATE, code, parameters)
        listed = [{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()]
        outputs = self._apply(translated, listed)
        physical = self._physical_ids()
        for api, wanted in apis.items():
            # The emulator stores CORS under the wrong key when a stack sets it.
            self._set_cors(physical[api], wanted.cors)
            for route in wanted.routes:
                self._add_route(physical, physical[api], route)
        self._migrate(outputs["DbMigrateFunction"])
        return Deployed(outputs, uploaded)

    def _upload_code(self, built: dict[str, pathlib.Path]) -> tuple[dict[str, dict], int]:
        if not self._is_kept(ARTIFACTS):
            self.s3.create_bucket(Bucket=ARTIFACTS)
        there = {item["Key"] for item in self.s3.list_objects_v2(Bucket=ARTIFACTS).get("Contents", [])}
        code, uploaded = {}, 0
        for name in template.functions(TEMPLATE).values():
            if name not in built:
                raise SystemExit(f"template.yaml names the function {name}, but no crate builds it")
            binary = built[name].read_bytes()
            key = f"{name}-{hashlib.sha256(binary).hexdigest()}.zip"
            code[name] = {"Bucket": ARTIFACTS, "Key": key}
            if key not in there:
                self.s3.put_object(Bucket=ARTIFACTS, Key=key, Body=build.pack(binary))
                uploaded += 1
        for key in there - {place["Key"] for place in code.values()}:
            self.s3.delete_object(Bucket=ARTIFACTS, Key=key)
        return code, uploaded

    def _apply(self, translated: dict, parameters: list[dict]) -> dict[str, str]:
        arguments = {"StackName": STACK, "Parameters": parameters, "Capabilities": ["CAPABILITY_IAM"]}
        if self._is_kept(inbox_name()):
            self._import_inbox(translated, arguments)
            self.cloudformation.update_stack(TemplateURL=self._publish(translated), **arguments)
        else:
            self.cloudformation.create_stack(TemplateURL=self._publish(translated), **arguments)
        return self._settled()

    def _publish(self, translated: dict) -> str:
        """Puts the template into S3: CloudFormation takes no more than 51,200 bytes directly."""
        self.s3.put_object(Bucket=ARTIFACTS, Key=TEMPLATE_KEY, Body=template.dump(translated).encode())
        return f"{self.s3.meta.endpoint_url}/{ARTIFACTS}/{TEMPLATE_KEY}"

    def _is_kept(self, name: str) -> bool:
        return any(bucket["Name"] == name for bucket in self.s3.list_buckets()["Buckets"])

    def _import_inbox(self, translated: dict, arguments: dict) -> None:
        """Takes the bucket that an earlier run left, with its files, into the new stack."""
        bucket = {key: value for key, value in translated["Resources"][INBOX].items() if key != "DependsOn"}
        bucket["Properties"] = {"BucketName": bucket["Properties"]["BucketName"]}
        first = {"Parameters": translated["Parameters"], "Resources": {INBOX: bucket}}
        self.cloudformation.create_change_set(
            ChangeSetName="keep-inbox",
            ChangeSetType="IMPORT",
            TemplateBody=template.dump(first),
            ResourcesToImport=[
                {
                    "ResourceType": bucket["Type"],
                    "LogicalResourceId": INBOX,
                    "ResourceIdentifier": {"BucketName": inbox_name()},
                }
            ],
            **arguments,
        )
        self.cloudformation.execute_change_set(StackName=STACK, ChangeSetName="keep-inbox")
        self._settled()

    def _settled(self) -> dict[str, str]:
        while True:
            stack = self.cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
            status = stack["StackStatus"]
            if not status.endswith("IN_PROGRESS"):
                break
            time.sleep(0.05)
        if status not in ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"):
            raise RuntimeError(f"the stack ended {status}: {self._reasons()}")
        return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}

    def _reasons(self) -> str:
        events = self.cloudformation.describe_stack_events(StackName=STACK)["StackEvents"]
        failed = [event for event in events if event["ResourceStatus"].endswith("FAILED")]
        return "; ".join(f"{e['LogicalResourceId']}: {e.get('ResourceStatusReason', '?')}" for e in failed)

    def _physical_ids(self) -> dict[str, str]:
        """Logical id of every resource to what the emulator calls it."""
        pages = self.cloudformation.get_paginator("list_stack_resources").paginate(StackName=STACK)
        resources = [resource for page in pages for resource in page["StackResourceSummaries"]]
        return {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in resources}

    def _set_cors(self, api_id: str, settings: dict) -> None:
        cors = {name[0].upper() + name[1:]: value for name, value in settings.items()}
        # A condition guards the optional origins; here they are always given.
        cors["AllowOrigins"] = [o if isinstance(o, str) else o["Fn::If"][1] for o in cors["AllowOrigins"]]
        self.gateway.update_api(ApiId=api_id, CorsConfiguration=cors)

    def _add_route(self, physical: dict[str, str], api_id: str, route: template.Route) -> None:
        function = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{physical[route.function]}"
        integration = self.gateway.create_integration(
            ApiId=api_id, IntegrationType="AWS_PROXY", IntegrationUri=function, PayloadFormatVersion="2.0"
        )
        guard = {"AuthorizationType": "NONE"}
        if route.authorizer:
            guard = {"AuthorizationType": "CUSTOM", "AuthorizerId": physical[route.authorizer]}
        target = f"integrations/{integration['IntegrationId']}"
        self.gateway.create_route(ApiId=api_id, RouteKey=route.key, Target=target, **guard)

    def _migrate(self, function: str) -> None:
        answer = self.functions.invoke(FunctionName=function, Payload=b"{}")
        if "FunctionError" in answer:
            raise RuntimeError(f"db-migrate failed: {answer['Payload'].read().decode()}")


def inbox_name() -> str:
    """What template.yaml calls the inbox of this stack."""
    return f"{STACK}-inbox-{ACCOUNT}-{REGION}"
