//! An OpenAI-compatible service that says what a test wants, over real HTTP on a port of its own.

use std::{
    io::{Read as _, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use serde_json::{Value, json};

/// What the service answers to one request.
#[derive(Debug, Clone)]
pub enum Said {
    /// A completion with this text, of 1,000 tokens in and 50 out.
    Text(String),
    /// This status with this body.
    Raw(u16, String),
    /// 302 to this address.
    Redirect(String),
    /// Nothing, with the connection left open.
    Silence,
    /// One byte after the other, for ever.
    Trickle,
    /// Megabytes, for ever.
    Flood,
    /// The connection is closed without an answer.
    Hangup,
}

/// A request as it came over the wire.
#[derive(Debug, Clone)]
pub struct Heard {
    /// Request line and headers, as sent.
    pub head: String,
    pub body: Value,
}

/// A service that says one thing after the other; the last one again and again.
pub struct ModelServer {
    url: String,
    heard: Arc<Mutex<Vec<Heard>>>,
    stopped: Arc<AtomicBool>,
}

impl ModelServer {
    /// # Panics
    /// When no port is free or the script is empty.
    #[must_use]
    pub fn start(script: &[Said]) -> Self {
        assert!(!script.is_empty(), "a script says something");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let (heard, stopped) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let (script, hears, stops) = (script.to_vec(), heard.clone(), stopped.clone());
        thread::spawn(move || {
            for stream in listener.incoming() {
                if stops.load(Ordering::Relaxed) {
                    return;
                }
                let (script, heard) = (script.clone(), hears.clone());
                let Ok(stream) = stream else { continue };
                // What a client does that goes away in the middle is no matter of the script.
                thread::spawn(move || {
                    let _ = serve(stream, &script, &heard);
                });
            }
        });
        Self { url, heard, stopped }
    }

    /// The base URL to configure.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("{}/v1", self.url)
    }

    /// Every request so far, in order.
    ///
    /// # Panics
    /// When the service itself did.
    #[must_use]
    pub fn heard(&self) -> Vec<Heard> {
        self.heard.lock().expect("no connection panicked").clone()
    }
}

impl Drop for ModelServer {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        // Wakes the thread that waits for connections.
        let _ = TcpStream::connect(self.url.trim_start_matches("http://"));
    }
}

fn serve(mut stream: TcpStream, script: &[Said], heard: &Mutex<Vec<Heard>>) -> std::io::Result<()> {
    let Some(request) = hear(&mut stream)? else { return Ok(()) };
    let number = {
        let mut heard = heard.lock().expect("no connection panicked");
        heard.push(request);
        heard.len()
    };
    let said = script.get(number - 1).or(script.last()).expect("a script says something");
    match said {
        Said::Text(text) => {
            let completion = json!({
                "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "scripted",
                "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}],
                "usage": {"prompt_tokens": 1_000, "completion_tokens": 50, "total_tokens": 1_050},
            });
            answer(&mut stream, 200, "", &completion.to_string())
        }
        Said::Raw(status, body) => answer(&mut stream, *status, "", body),
        Said::Redirect(location) => answer(&mut stream, 302, &format!("Location: {location}\r\n"), ""),
        // Until the client has gone.
        Said::Silence => stream.read(&mut [0]).map(drop),
        Said::Trickle => endless(&mut stream, b" ", Duration::from_millis(10)),
        Said::Flood => endless(&mut stream, &[b' '; 64 * 1024], Duration::ZERO),
        Said::Hangup => Ok(()),
    }
}

fn hear(stream: &mut TcpStream) -> std::io::Result<Option<Heard>> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
        if let Some(end) = end {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
            });
            let body = &bytes[end + 4..];
            if body.len() >= length.unwrap_or(0) {
                return Ok(Some(Heard { head, body: serde_json::from_slice(body).unwrap_or(Value::Null) }));
            }
        }
        match stream.read(&mut buffer)? {
            0 => return Ok(None),
            read => bytes.extend_from_slice(&buffer[..read]),
        }
    }
}

fn answer(stream: &mut TcpStream, status: u16, headers: &str, body: &str) -> std::io::Result<()> {
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status} Scripted\r\nContent-Type: application/json\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

fn endless(stream: &mut TcpStream, piece: &[u8], pause: Duration) -> std::io::Result<()> {
    write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n")?;
    loop {
        stream.write_all(piece)?;
        stream.flush()?;
        thread::sleep(pause);
    }
}
