"""Files whose messages were in the emulator's queues when it ended: they live in memory, so a start sends them again."""

import json
import urllib.parse
from collections import Counter

from emulator import ACCOUNT, REGION, Emulator
from postgres import DATABASE, Server

UPLOADS = "SELECT coalesce(json_agg(json_build_array(org_id, id, object_key, status)), '[]') FROM uploads"
UNFINISHED = {"pending", "processing"}


def announce(emulator: Emulator, database: Server, bucket: str, queue_url: str) -> int:
    """Sends a message for every file that has come but was not read to its end; returns how many.

    One too many does no harm: `file-ingest` knows what it has done.
    """
    objects = _objects(emulator, bucket)
    uploads = json.loads(database.psql(UPLOADS, DATABASE))
    written = {item["Key"] for item in objects}
    messages = [
        {"org_id": org, "upload_id": id} for org, id, key, status in uploads if status in UNFINISHED and key in written
    ]
    # A drop becomes an upload when it is read; one written more often than that was not read yet.
    unread = Counter(item["Key"] for item in objects if item["Key"].startswith("drops/"))
    unread.subtract(key for _, _, key, _ in uploads)
    latest = {item["Key"]: item for item in objects if item["IsLatest"]}
    messages += [_notification(bucket, latest[key]) for key, times in unread.items() if times > 0 and key in latest]
    queue = emulator.client("sqs")
    for message in messages:
        queue.send_message(QueueUrl=queue_url, MessageBody=json.dumps(message))
    return len(messages)


def _objects(emulator: Emulator, bucket: str) -> list[dict]:
    pages = emulator.client("s3").get_paginator("list_object_versions").paginate(Bucket=bucket)
    return [version for page in pages for version in page.get("Versions", [])]


def _notification(bucket: str, item: dict) -> dict:
    """What S3 sent when the object was written, as far as we still know."""
    written = item["LastModified"].strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    key = urllib.parse.quote_plus(item["Key"], safe="/")
    entity = {"key": key, "size": item["Size"], "eTag": item["ETag"].strip('"'), "versionId": item["VersionId"]}
    record = {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": REGION,
        "eventTime": written,
        "eventName": "ObjectCreated:Put",
        "userIdentity": {"principalId": ACCOUNT},
        "requestParameters": {"sourceIPAddress": "127.0.0.1"},
        "responseElements": {},
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": "again",
            "bucket": {"name": bucket, "ownerIdentity": {"principalId": ACCOUNT}, "arn": f"arn:aws:s3:::{bucket}"},
            "object": entity,
        },
    }
    return {"Records": [record]}
