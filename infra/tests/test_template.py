"""template.yaml keeps its promises: one Lambda a bin, least privilege, queues that lose nothing, logs that end."""

import pathlib
import re
import tomllib
import unittest

from samtranslator.yaml_helper import yaml_parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
TEMPLATE = yaml_parse((ROOT / "template.yaml").read_text())
RESOURCES = TEMPLATE["Resources"]
DEFAULTS = TEMPLATE["Globals"]["Function"]
# The only routes that answer without a token.
PUBLIC = {
    *("auth-register", "auth-login", "auth-login-mfa", "auth-refresh", "auth-jwks", "health-get", "openapi-get"),
    # Refuses everybody.
    "routes-refuse",
    *("identity-providers-list", "oidc-start", "oidc-finish"),
    # What these take is a token of a mail, or an address that they say nothing about.
    *("password-forgot", "password-reset", "address-verify", "invitation-accept"),
    # Links in mails, sealed by us.
    *("mail-files-get", "unsubscribe-show", "unsubscribe-confirm"),
}


def of_type(kind):
    return {name: r["Properties"] for name, r in RESOURCES.items() if r["Type"] == kind}


def functions():
    """bin name -> (logical id, properties)"""
    return {p["CodeUri"].strip("/").rsplit("/", 1)[-1]: (name, p) for name, p in of_type("AWS::Serverless::Function").items()}


def bins():
    found = set()
    for manifest in ROOT.glob("functions/*/Cargo.toml"):
        found |= {b["name"] for b in tomllib.loads(manifest.read_text()).get("bin", [])}
    return found


def statements(properties):
    for policy in properties.get("Policies", []) + role(properties):
        if "Fn::If" in policy:
            # Under a condition or not, a statement is held to the same rules.
            _, policy, otherwise = policy["Fn::If"]
            assert otherwise == {"Ref": "AWS::NoValue"}, otherwise
        shared = RESOURCES.get(policy.get("Ref"))
        policy = shared["Properties"]["PolicyDocument"] if shared else policy
        assert "Statement" in policy, f"policy template instead of explicit statements: {policy}"
        yield from as_list(policy["Statement"])


def role(properties):
    """Our own policies of the role that a function shares with others."""
    if "Role" not in properties:
        return []
    name, _ = properties["Role"]["Fn::GetAtt"]
    return [policy for policy in RESOURCES[name]["Properties"]["ManagedPolicyArns"] if "Ref" in policy]


def as_list(value):
    return value if isinstance(value, list) else [value]


def events(properties, kind):
    return [e["Properties"] for e in properties.get("Events", {}).values() if e["Type"] == kind]


class Functions(unittest.TestCase):
    def test_every_bin_is_a_function_and_every_function_a_bin(self):
        self.assertEqual(set(functions()), bins())

    def test_names_follow_from_the_bin(self):
        for name, (logical_id, properties) in functions().items():
            self.assertEqual(logical_id, "".join(w.capitalize() for w in name.split("-")) + "Function")
            self.assertEqual(properties["CodeUri"].strip("/"), f"target/lambda/{name}")
            self.assertNotIn("FunctionName", properties, "a hard-coded name breaks a second installation")

    def test_only_the_public_routes_go_without_the_authorizer(self):
        for name, (_, properties) in functions().items():
            for route in events(properties, "HttpApi"):
                open_to_all = route.get("Auth", {}).get("Authorizer") == "NONE"
                self.assertEqual(open_to_all, name in PUBLIC, f"{name}")

    def test_the_same_functions_answer_callers_that_nobody_vouched_for(self):
        mains = {path.stem: path.read_text() for path in ROOT.glob("functions/*/src/bin/*.rs")}
        self.assertEqual({name for name, main in mains.items() if "serve_anybody(" in main}, PUBLIC)

    def test_a_function_url_looks_at_its_callers_itself_and_answers_the_pages_of_the_api(self):
        mains = {path.stem: path.read_text() for path in ROOT.glob("functions/*/src/bin/*.rs")}
        urls = {name: p["FunctionUrlConfig"] for name, (_, p) in functions().items() if "FunctionUrlConfig" in p}
        self.assertEqual({name for name, main in mains.items() if "serve_stream(" in main}, set(urls))
        cors = RESOURCES["Api"]["Properties"]["CorsConfiguration"]
        for name, url in urls.items():
            self.assertEqual((url["AuthType"], url["InvokeMode"]), ("NONE", "RESPONSE_STREAM"), name)
            self.assertEqual(url["Cors"]["AllowOrigins"], cors["AllowOrigins"], name)
            self.assertLessEqual(set(url["Cors"]["AllowHeaders"]), set(cors["AllowHeaders"]), name)
            self.assertIn("ReservedConcurrentExecutions", functions()[name][1], name)

    def test_no_answer_of_the_authorizer_is_kept(self):
        for authorizer in RESOURCES["Api"]["Properties"]["Auth"]["Authorizers"].values():
            self.assertEqual(authorizer["Identity"], {"Context": ["routeKey"], "ReauthorizeEvery": 0})

    def test_every_function_keeps_its_log_for_a_stated_time(self):
        groups = of_type("AWS::Logs::LogGroup")
        for name, (_, properties) in functions().items():
            group = properties.get("LoggingConfig", DEFAULTS["LoggingConfig"])["LogGroup"]["Ref"]
            self.assertIn("RetentionInDays", groups[group], name)


class LeastPrivilege(unittest.TestCase):
    def test_no_wildcard_action(self):
        for name, (_, properties) in functions().items():
            for statement in statements(properties):
                for action in as_list(statement["Action"]):
                    self.assertRegex(action, r"^[a-z0-9-]+:[A-Za-z]+$", f"{name}: {action}")

    def test_no_wildcard_resource(self):
        for name, (_, properties) in functions().items():
            for statement in statements(properties):
                if as_list(statement["Action"]) == ["ses:GetAccount"]:
                    # AWS knows no resource for it: it reads the quota of the account.
                    continue
                self.assertNotIn("*", [r for r in as_list(statement["Resource"]) if isinstance(r, str)], name)

    def test_only_db_migrate_may_read_the_admin_secret(self):
        for name, (_, properties) in functions().items():
            if name != "db-migrate":
                self.assertNotIn("AdminDatabaseSecretArn", str(properties), name)


class Queues(unittest.TestCase):
    def test_every_queue_has_a_dead_letter_queue(self):
        queues = of_type("AWS::SQS::Queue")
        dead = {str(q["RedrivePolicy"]["deadLetterTargetArn"]) for q in queues.values() if "RedrivePolicy" in q}
        for name, queue in queues.items():
            is_dead_letter = any(f"'{name}'" in target or f"{name}.Arn" in target for target in dead)
            self.assertNotEqual(is_dead_letter, "RedrivePolicy" in queue, name)

    def test_a_message_stays_hidden_at_least_six_times_as_long_as_its_function_runs(self):
        for name, (_, properties) in functions().items():
            for source in events(properties, "SQS"):
                queue = re.search(r"(\w+Queue)", str(source["Queue"]))[1]
                visible_after = RESOURCES[queue]["Properties"]["VisibilityTimeout"]
                if isinstance(visible_after, dict):
                    visible_after = TEMPLATE["Parameters"][visible_after["Ref"]]["Default"]
                self.assertGreaterEqual(visible_after, 6 * properties.get("Timeout", DEFAULTS["Timeout"]), name)

    def test_one_bad_message_does_not_repeat_its_batch(self):
        for name, (_, properties) in functions().items():
            for source in events(properties, "SQS"):
                self.assertIn("ReportBatchItemFailures", source["FunctionResponseTypes"], name)


class Buckets(unittest.TestCase):
    def test_no_bucket_is_public_or_in_clear(self):
        for name, bucket in of_type("AWS::S3::Bucket").items():
            self.assertTrue(all(bucket["PublicAccessBlockConfiguration"].values()), name)
            self.assertIn("BucketEncryption", bucket, name)


class Alarms(unittest.TestCase):
    def test_every_alarm_has_a_runbook(self):
        alarms = yaml_parse((ROOT / "infra/alarms.yaml").read_text())["Resources"]
        for name, resource in alarms.items():
            if resource["Type"] == "AWS::CloudWatch::Alarm":
                slug = re.sub(r"(?<!^)(?=[A-Z])", "-", name.removesuffix("Alarm")).lower()
                self.assertTrue((ROOT / f"docs/runbooks/{slug}.md").exists(), f"docs/runbooks/{slug}.md is missing")


if __name__ == "__main__":
    unittest.main()
