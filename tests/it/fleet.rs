//! Real Lambda binaries under a Runtime API of our own, so that they can be killed at any moment: a queue that
//! delivers at least once, hands messages of a dead worker out again, and gives up on a message after its last try.

use std::{
    collections::{HashMap, VecDeque},
    path::{Path, PathBuf},
    process::Stdio,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use axum::{
    Router,
    extract::{Path as UrlPath, State},
    http::{HeaderMap, HeaderValue, StatusCode},
    routing::{get, post},
};
use serde_json::{Value, json};
use tokio::{
    net::TcpListener,
    process::{Child, Command},
    sync::Notify,
};

/// How often a message is handed out before it counts as dead, as in template.yaml's redrive policies.
const RECEIVES_MAX: u32 = 5;
/// How long a message that failed stays hidden: far longer than a file of this test takes.
const HIDDEN_FOR: Duration = Duration::from_millis(500);

#[derive(Clone)]
struct Message {
    id: usize,
    body: String,
    receives: u32,
    /// Hidden until then, as SQS hides a message that failed.
    visible_at: Instant,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Message>,
    /// By worker: what it holds right now.
    in_flight: HashMap<usize, Vec<Message>>,
    dead: Vec<String>,
    /// Deaths do not use up tries: the test kills far more often than machines fail.
    kills: usize,
    taken_at: HashMap<usize, Instant>,
    slowest: Duration,
}

impl Queue {
    fn take_visible(&mut self, count: usize) -> Vec<Message> {
        let now = Instant::now();
        let (visible, hidden): (Vec<_>, Vec<_>) =
            self.waiting.drain(..).partition(|message| message.visible_at <= now);
        let mut visible = visible.into_iter();
        let mut batch: Vec<Message> = visible.by_ref().take(count).collect();
        batch.iter_mut().for_each(|message| message.receives += 1);
        self.waiting = visible.chain(hidden).collect();
        batch
    }
}

/// The queue, shared by the servers of all workers.
pub(crate) struct Fleet {
    /// Messages handed out together.
    batch_size: usize,
    queue: Mutex<Queue>,
    changed: Notify,
}

/// What became of a run.
pub(crate) struct Outcome {
    pub kills: usize,
    /// Bodies of messages that used up their tries.
    pub dead: Vec<String>,
    /// The longest that a batch was held.
    pub slowest: Duration,
    /// The most memory that one of the workers alive at the end has ever used.
    pub peak_bytes: u64,
}

impl Fleet {
    pub(crate) fn new(batch_size: usize, bodies: impl IntoIterator<Item = String>) -> Arc<Self> {
        let visible_at = Instant::now();
        let message = |(id, body)| Message { id, body, receives: 0, visible_at };
        let waiting = bodies.into_iter().enumerate().map(message).collect();
        Arc::new(Self {
            batch_size,
            queue: Mutex::new(Queue { waiting, ..Queue::default() }),
            changed: Notify::new(),
        })
    }

    /// Runs `workers` processes of `bin` until every message is done or dead. `kill_after` gives the next pause
    /// before a worker is killed; `None` ends the killing.
    pub(crate) async fn run(
        self: &Arc<Self>,
        bin: &str,
        environment: &[(String, String)],
        workers: usize,
        mut kill_after: impl FnMut() -> Option<(usize, Duration)>,
    ) -> Outcome {
        let mut running = Vec::new();
        for number in 0..workers {
            let api = self.serve(number).await;
            running.push((start(bin, &api, environment), api));
        }
        loop {
            let pause = kill_after();
            tokio::select! {
                () = self.drained() => break,
                () = tokio::time::sleep(pause.map_or(Duration::MAX, |(_, pause)| pause)) => {}
            }
            let Some((victim, _)) = pause else { continue };
            let (child, api) = &mut running[victim % workers];
            child.kill().await.unwrap();
            self.give_back(victim % workers);
            *child = start(bin, api, environment);
        }
        let peak_bytes =
            running.iter().filter_map(|(child, _)| peak_bytes(child.id()?)).max().unwrap_or_default();
        for (child, _) in &mut running {
            child.kill().await.unwrap();
        }
        let queue = self.queue.lock().unwrap();
        Outcome { kills: queue.kills, dead: queue.dead.clone(), slowest: queue.slowest, peak_bytes }
    }

    async fn serve(self: &Arc<Self>, worker: usize) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(respond))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(fail))
            .route("/2018-06-01/runtime/init/error", post(fail_init))
            .with_state((self.clone(), worker));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        address
    }

    /// Waits until nothing is waiting and nothing is held.
    async fn drained(&self) {
        loop {
            let changed = self.changed.notified();
            {
                let queue = self.queue.lock().unwrap();
                if queue.waiting.is_empty() && queue.in_flight.values().all(Vec::is_empty) {
                    return;
                }
            }
            changed.await;
        }
    }

    async fn take(&self, worker: usize) -> Vec<Message> {
        loop {
            let changed = self.changed.notified();
            let next_visible = {
                let mut queue = self.queue.lock().unwrap();
                let batch = queue.take_visible(self.batch_size);
                if !batch.is_empty() {
                    queue.in_flight.insert(worker, batch.clone());
                    queue.taken_at.insert(worker, Instant::now());
                    return batch;
                }
                queue.waiting.iter().map(|message| message.visible_at).min()
            };
            let hidden =
                next_visible.map_or(Duration::MAX, |at| at.saturating_duration_since(Instant::now()));
            tokio::select! {
                () = changed => {}
                () = tokio::time::sleep(hidden) => {}
            }
        }
    }

    fn settle(&self, worker: usize, failed: &[usize]) {
        let mut queue = self.queue.lock().unwrap();
        let held = queue.taken_at.remove(&worker).map_or(Duration::ZERO, |since| since.elapsed());
        queue.slowest = queue.slowest.max(held);
        for mut message in queue.in_flight.remove(&worker).unwrap_or_default() {
            message.visible_at = Instant::now() + HIDDEN_FOR;
            if !failed.contains(&message.id) {
                continue;
            }
            if message.receives >= RECEIVES_MAX {
                queue.dead.push(message.body)
            } else {
                queue.waiting.push_back(message)
            }
        }
        drop(queue);
        self.changed.notify_waiters();
    }

    fn give_back(&self, worker: usize) {
        let mut queue = self.queue.lock().unwrap();
        queue.kills += 1;
        for mut message in queue.in_flight.remove(&worker).unwrap_or_default() {
            message.receives -= 1;
            queue.waiting.push_back(message);
        }
        drop(queue);
        self.changed.notify_waiters();
    }
}

type Served = State<(Arc<Fleet>, usize)>;

async fn next(State((fleet, worker)): Served) -> (HeaderMap, String) {
    let batch = fleet.take(worker).await;
    let records: Vec<Value> = batch.iter().map(sqs_record).collect();
    let mut headers = HeaderMap::new();
    let deadline = "4102444800000"; // 2100: a kill is the only thing that ends an invocation early here
    for (name, value) in [
        ("lambda-runtime-aws-request-id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd"),
        ("lambda-runtime-deadline-ms", deadline),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:us-east-1:123456789012:function:under-test"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    (headers, json!({ "Records": records }).to_string())
}

fn sqs_record(message: &Message) -> Value {
    json!({
        "messageId": message.id.to_string(), "receiptHandle": "handle", "body": message.body,
        "attributes": { "ApproximateReceiveCount": message.receives.to_string(), "SentTimestamp": "1767225600000" },
        "messageAttributes": {}, "md5OfBody": "", "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:under-test", "awsRegion": "us-east-1",
    })
}

async fn respond(State((fleet, worker)): Served, UrlPath(_): UrlPath<String>, body: String) -> StatusCode {
    let answer: Value = serde_json::from_str(&body).unwrap();
    let failures = answer["batchItemFailures"].as_array().cloned().unwrap_or_default();
    let failed: Vec<usize> =
        failures.iter().map(|f| f["itemIdentifier"].as_str().unwrap().parse().unwrap()).collect();
    fleet.settle(worker, &failed);
    StatusCode::ACCEPTED
}

async fn fail(State((fleet, worker)): Served, UrlPath(_): UrlPath<String>, _body: String) -> StatusCode {
    let held = fleet.queue.lock().unwrap().in_flight.get(&worker).cloned().unwrap_or_default();
    fleet.settle(worker, &held.iter().map(|message| message.id).collect::<Vec<_>>());
    StatusCode::ACCEPTED
}

async fn fail_init(body: String) -> StatusCode {
    panic!("the function did not start: {body}");
}

/// `VmHWM` of a process: its highest resident set.
fn peak_bytes(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? * 1024)
}

/// Where cargo put the binaries this test was built beside.
fn bin_folder() -> PathBuf {
    std::env::current_exe().unwrap().parent().and_then(Path::parent).unwrap().to_owned()
}

fn start(bin: &str, api: &str, environment: &[(String, String)]) -> Child {
    let path = bin_folder().join(bin);
    assert!(path.exists(), "{} is not built: run `cargo build --workspace` first", path.display());
    Command::new(path)
        .env_clear()
        .env("AWS_LAMBDA_RUNTIME_API", api)
        .env("AWS_LAMBDA_FUNCTION_NAME", bin)
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
        .env("AWS_LAMBDA_LOG_STREAM_NAME", "under-test")
        .env("AWS_LAMBDA_LOG_GROUP_NAME", "under-test")
        .env("TMPDIR", std::env::temp_dir())
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}
