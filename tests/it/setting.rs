//! Where workers under test live: not in the deployed stack, but with its S3, its secrets and its mail sink.

use e2e::{Stack, encoded_key};
use serde_json::json;
use testkit::TestDatabase;

/// A bucket, a database and a queue for workers that the test starts itself.
pub(crate) struct Setting {
    pub stack: Stack,
    pub database: TestDatabase,
    /// What the function finds in its environment.
    pub environment: Vec<(String, String)>,
    pub bucket: String,
    pub slug: String,
}

impl Setting {
    /// One organisation in a database of its own; `name` is its slug and begins the names of everything else.
    pub(crate) async fn new(name: &str) -> Self {
        let stack = Stack::from_env().unwrap();
        let database = TestDatabase::new().await;
        let tenant = database.seed(name).await;
        let name = format!("{name}-{}", uuid::Uuid::now_v7().simple());
        stack.put_object(&name, "", Vec::new()).await.unwrap();
        let application = json!({ "url": database.app_url(), "wall_key": testkit::WALL_KEY });
        let secret = json!({ "Name": name, "SecretString": application.to_string() });
        let secret = stack.aws("secretsmanager.CreateSecret", &secret).await.unwrap();
        let buyers = json!({ "Name": format!("{name}-buyers"), "SecretString": json!({ "key": "what buyers are hashed with" }).to_string() });
        let buyers = stack.aws("secretsmanager.CreateSecret", &buyers).await.unwrap();
        let queue = stack.aws("AmazonSQS.CreateQueue", &json!({ "QueueName": name })).await.unwrap();
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let environment = [
            ("AWS_ENDPOINT_URL", stack.aws.endpoint.clone()),
            ("AWS_ENDPOINT_URL_SESV2", stack.aws.ses_endpoint.clone()),
            ("AWS_REGION", "us-east-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", "test".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "test".to_owned()),
            ("S3_PATH_STYLE", "true".to_owned()),
            ("DATABASE_SECRET_ARN", text(&secret["ARN"])),
            ("BUYER_SECRET_ARN", text(&buyers["ARN"])),
            ("INBOX_BUCKET", name.clone()),
            ("REPORTS_BUCKET", name.clone()),
            ("REPORT_QUEUE_URL", text(&queue["QueueUrl"])),
            ("EMAIL_QUEUE_URL", text(&queue["QueueUrl"])),
            ("QUOTA_AI_TOKENS_PER_MONTH", "1000000".to_owned()),
            ("MAIL_FROM", "Shelfline <reports@shelfline.example>".to_owned()),
            ("PUBLIC_URL", stack.api.clone()),
            ("LOG_LEVEL", "error".to_owned()),
        ];
        let environment = environment.map(|(name, value)| (name.to_owned(), value)).to_vec();
        Self { stack, slug: tenant.slug.clone(), environment, bucket: name, database }
    }
}

/// The message that S3 sends for an object. `second` orders the versions of a month.
pub(crate) fn s3_event(bucket: &str, key: &str, size: usize, second: u32) -> String {
    let key = encoded_key(key).replace("%20", "+");
    json!({ "Records": [{
        "eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": "us-east-1", "eventName": "ObjectCreated:Put",
        "eventTime": format!("2026-05-01T08:00:{second:02}.000Z"),
        "userIdentity": { "principalId": "partner" }, "requestParameters": { "sourceIPAddress": "127.0.0.1" },
        "responseElements": { "x-amz-request-id": "C3D13FE58DE4C810", "x-amz-id-2": "FMyUVURIY8/IgAtTv8xRjskZ" },
        "s3": { "s3SchemaVersion": "1.0", "configurationId": "inbox",
            "bucket": { "name": bucket, "ownerIdentity": { "principalId": "owner" }, "arn": format!("arn:aws:s3:::{bucket}") },
            "object": { "key": key, "size": size, "eTag": format!("{second:032x}"), "sequencer": format!("{second:016X}") } }
    }]})
    .to_string()
}
