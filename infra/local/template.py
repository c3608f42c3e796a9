"""template.yaml as CloudFormation that the emulator understands."""

import json
import os
import pathlib

from emulator import REGION
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

FUNCTION = "AWS::Serverless::Function"


class _NoManagedPolicies:
    """The translator asks for the ARNs of AWS's managed policies; the names do here."""

    def load(self) -> dict[str, str]:
        return {}


def functions(path: pathlib.Path) -> dict[str, str]:
    """Logical id of every function to its name, the last part of its CodeUri."""
    resources = yaml_parse(path.read_text())["Resources"]
    return {id: _name(resource) for id, resource in resources.items() if resource["Type"] == FUNCTION}


def translate(path: pathlib.Path, code: dict[str, dict], parameters: dict[str, str]) -> tuple[dict, dict]:
    """Runs the SAM translator with each function's code in S3 and spells out the routes of the HTTP APIs.

    Returns the template and, for each API, the CORS settings that have to be set afterwards.
    """
    # The translator asks the environment for it.
    os.environ["AWS_DEFAULT_REGION"] = REGION
    source = yaml_parse(path.read_text())
    for resource in source["Resources"].values():
        if resource["Type"] == FUNCTION:
            resource["Properties"]["CodeUri"] = code[_name(resource)]
    template = transform(source, dict(parameters), _NoManagedPolicies())
    cors = {}
    apis = [id for id, r in template["Resources"].items() if r["Type"] == "AWS::ApiGatewayV2::Api"]
    for api in apis:
        cors[api] = _expand_api(api, template["Resources"])
    return template, cors


def _name(function: dict) -> str:
    return pathlib.PurePosixPath(function["Properties"]["CodeUri"]).name


def _expand_api(api: str, resources: dict) -> dict:
    """Turns the OpenAPI body, which the emulator ignores, into authorizers, integrations and routes."""
    body = resources[api]["Properties"].pop("Body")
    resources[api]["Properties"] = {"Name": api, "ProtocolType": "HTTP"}
    schemes = body.get("components", {}).get("securitySchemes", {})
    for name, scheme in schemes.items():
        resources[f"{api}{name}Authorizer"] = _authorizer(api, name, scheme["x-amazon-apigateway-authorizer"])
    number = 0
    for path, operations in body["paths"].items():
        for method, operation in operations.items():
            if "x-amazon-apigateway-integration" not in operation:
                continue
            integration, route = f"{api}Integration{number}", f"{api}Route{number}"
            uri = operation["x-amazon-apigateway-integration"]["uri"]
            resources[integration] = {
                "Type": "AWS::ApiGatewayV2::Integration",
                "Properties": {
                    "ApiId": {"Ref": api},
                    "IntegrationType": "AWS_PROXY",
                    "IntegrationUri": uri,
                    "PayloadFormatVersion": "2.0",
                },
            }
            resources[route] = _route(api, f"{method.upper()} {path}", integration, operation, schemes)
            number += 1
    return body.get("x-amazon-apigateway-cors", {})


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


def _route(api: str, key: str, integration: str, operation: dict, schemes: dict) -> dict:
    properties = {
        "ApiId": {"Ref": api},
        "RouteKey": key,
        "Target": {"Fn::Sub": f"integrations/${{{integration}}}"},
        "AuthorizationType": "NONE",
    }
    wanted = [name for requirement in operation.get("security", []) for name in requirement if name in schemes]
    if wanted:
        properties |= {"AuthorizationType": "CUSTOM", "AuthorizerId": {"Ref": f"{api}{wanted[0]}Authorizer"}}
    return {"Type": "AWS::ApiGatewayV2::Route", "Properties": properties}


def dump(template: dict) -> str:
    """The template as the text that CloudFormation takes."""
    return json.dumps(template, default=str)
