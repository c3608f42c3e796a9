"""template.yaml as CloudFormation that the emulator understands."""

import json
import os
import pathlib
from dataclasses import dataclass

from emulator import REGION
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

FUNCTION = "AWS::Serverless::Function"


@dataclass(frozen=True)
class Route:
    """What API Gateway makes of an operation of an HTTP API: a route and its integration."""

    key: str
    # Logical ids; None for a route that anybody may call.
    function: str
    authorizer: str | None


@dataclass(frozen=True)
class HttpApi:
    """What is set up after the stack, because the emulator ignores the OpenAPI body of an API. A route and an integration each
    would count as resources of the stack, too, which has room for 500."""

    cors: dict
    routes: list[Route]


class _NoManagedPolicies:
    """The translator asks for the ARNs of AWS's managed policies; the names do here."""

    def load(self) -> dict[str, str]:
        return {}


def functions(path: pathlib.Path) -> dict[str, str]:
    """Logical id of every function to its name, the last part of its CodeUri."""
    resources = yaml_parse(path.read_text())["Resources"]
    return {id: _name(resource) for id, resource in resources.items() if resource["Type"] == FUNCTION}


def translate(path: pathlib.Path, code: dict[str, dict], parameters: dict[str, str]) -> tuple[dict, dict[str, HttpApi]]:
    """Runs the SAM translator with each function's code in S3.

    Returns the template and, by logical id, what has to be set up of each API afterwards.
    """
    # The translator asks the environment for it.
    os.environ["AWS_DEFAULT_REGION"] = REGION
    source = yaml_parse(path.read_text())
    for resource in source["Resources"].values():
        if resource["Type"] == FUNCTION:
            resource["Properties"]["CodeUri"] = code[_name(resource)]
    template = transform(source, dict(parameters), _NoManagedPolicies())
    apis = [id for id, r in template["Resources"].items() if r["Type"] == "AWS::ApiGatewayV2::Api"]
    return template, {api: _take_apart(api, template["Resources"]) for api in apis}


def _name(function: dict) -> str:
    return pathlib.PurePosixPath(function["Properties"]["CodeUri"]).name


def _take_apart(api: str, resources: dict) -> HttpApi:
    """Takes the OpenAPI body out of an API; its authorizers become resources."""
    body = resources[api]["Properties"].pop("Body")
    resources[api]["Properties"] = {"Name": api, "ProtocolType": "HTTP"}
    schemes = body.get("components", {}).get("securitySchemes", {})
    authorizers = {name: f"{api}{name}Authorizer" for name in schemes}
    for name, scheme in schemes.items():
        resources[authorizers[name]] = _authorizer(api, name, scheme["x-amazon-apigateway-authorizer"])
    routes = [
        _route(path if path == "$default" else f"{method.upper()} {path}", operation, authorizers)
        for path, operations in body["paths"].items()
        for method, operation in operations.items()
        if "x-amazon-apigateway-integration" in operation
    ]
    return HttpApi(body.get("x-amazon-apigateway-cors", {}), routes)


def _authorizer(api: str, name: str, settings: dict) -> dict:
    source = settings["identitySource"]
    return {
        "Type": "AWS::ApiGatewayV2::Authorizer",
        "Properties": {
            "ApiId": {"Ref": api},
            "Name": name,
            "AuthorizerType": "REQUEST",
            "AuthorizerUri": settings["authorizerUri"],
            "IdentitySource": source.split(",") if isinstance(source, str) else source,
            "AuthorizerPayloadFormatVersion": str(settings["authorizerPayloadFormatVersion"]),
            "AuthorizerResultTtlInSeconds": settings["authorizerResultTtlInSeconds"],
            "EnableSimpleResponses": settings.get("enableSimpleResponses", False),
        },
    }


def _route(key: str, operation: dict, authorizers: dict[str, str]) -> Route:
    wanted = [name for requirement in operation.get("security", []) for name in requirement]
    # An ARN made by the translator: …functions/${LogicalId.Arn}/invocations.
    uri = operation["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"]
    function = uri.split("${")[-1].split(".Arn}")[0]
    return Route(key, function, next((authorizers[name] for name in wanted if name in authorizers), None))


def dump(template: dict) -> str:
    """The template as the text that CloudFormation takes."""
    return json.dumps(template, default=str)
