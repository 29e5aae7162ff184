//! As much of HTTP/1.1 as a desk needs, so that a test can break every part of it.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub(super) enum Answer {
    Text {
        status: u16,
        kind: String,
        extra: String,
        body: String,
    },
    Close,
    Hang,
    /// Half an answer, and then the end of the connection.
    Cut,
}

/// Writes the answer; false when the connection is over.
pub(super) async fn give(socket: &mut TcpStream, answer: Answer) -> bool {
    let (body, length, kind, status, extra) = match answer {
        Answer::Close => return false,
        Answer::Hang => std::future::pending().await,
        Answer::Cut => ("{\"receipt\":".to_owned(), 500, "application/json".to_owned(), 200, String::new()),
        Answer::Text { status, kind, extra, body } => {
            let length = body.len();
            (body, length, kind, status, extra)
        }
    };
    let head =
        format!("HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\n{extra}content-length: {length}\r\n\r\n");
    socket.write_all(format!("{head}{body}").as_bytes()).await.is_ok() && length == body.len()
}

impl Answer {
    pub(super) fn json(body: Value) -> Self {
        Self::Text {
            status: 200,
            kind: "application/json".to_owned(),
            extra: String::new(),
            body: body.to_string(),
        }
    }

    pub(super) fn problem(status: u16, code: &str, extra: &str) -> Self {
        let body = json!({
            "type": format!("urn:chayan:problem:{code}"), "title": code, "status": status, "code": code,
            "request_id": null,
        });
        Self::Text {
            status,
            kind: "application/problem+json".to_owned(),
            extra: extra.to_owned(),
            body: body.to_string(),
        }
    }
}

pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) body: String,
}

impl Request {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(super) fn cursor(&self) -> usize {
        let value = self.path.split("cursor=").nth(1).unwrap_or("0");
        value.split('&').next().unwrap().parse().unwrap()
    }
}

pub(super) async fn read_request(socket: &mut TcpStream, kept: &mut Vec<u8>) -> Option<Request> {
    let mut piece = [0; 8_192];
    loop {
        if let Some(end) = kept.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8(kept[..end].to_vec()).unwrap();
            let length = head
                .lines()
                .find_map(|line| {
                    line.to_ascii_lowercase()
                        .strip_prefix("content-length:")
                        .map(|n| n.trim().parse::<usize>().unwrap())
                })
                .unwrap_or(0);
            if kept.len() >= end + 4 + length {
                let body = String::from_utf8(kept[end + 4..end + 4 + length].to_vec()).unwrap();
                kept.drain(..end + 4 + length);
                let mut words = head.split(' ');
                let method = words.next()?.to_owned();
                let path = words.next()?.to_owned();
                return Some(Request { method, path, body });
            }
        }
        match socket.read(&mut piece).await {
            Ok(0) | Err(_) => return None,
            Ok(count) => kept.extend_from_slice(&piece[..count]),
        }
    }
}

/// The payload exactly as it stands in the body.
pub(super) fn raw_payload(body: &str) -> String {
    #[derive(serde::Deserialize)]
    struct Raw {
        payload: Box<serde_json::value::RawValue>,
    }
    serde_json::from_str::<Raw>(body).unwrap().payload.get().to_owned()
}
