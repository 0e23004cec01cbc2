//! The same chain over HTTP, as browsers and other programs work it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use engine::Engine;
use meta::{Fault, Trouble};
use serde_json::{Value as Json, json};

use crate::driver;

/// The password of the one who works.
const PASSWORD: &str = "a bench has a password";

/// A server of this process, on a port of its own, until it is dropped.
pub struct Server {
    pub address: SocketAddr,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Server {
    pub fn start(engine: &Arc<Engine>) -> Result<Server, Trouble> {
        crate::setup::user(engine, "bench", "Bench", PASSWORD, &["administrator"], "en")?;
        let wrong = |why: std::io::Error| Fault::new(why.to_string());
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(wrong)?;
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).map_err(wrong)?;
        let address = listener.local_addr().map_err(wrong)?;
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let engine = engine.clone();
        let thread = std::thread::spawn(move || {
            let stopped = async {
                let _ = stopped.await;
            };
            let served = runtime.block_on(api::serve(engine, api::Config::default(), listener, stopped));
            if let Err(why) = served {
                tracing::error!(%why, "the server of the bench ended");
            }
        });
        Ok(Server { address, stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.take().map(|stop| stop.send(()));
        self.thread.take().map(std::thread::JoinHandle::join);
    }
}

/// A client that keeps its connection.
pub struct Client {
    stream: BufReader<TcpStream>,
    cookie: String,
}

impl Client {
    pub fn signed_in(address: SocketAddr) -> Result<Client, Trouble> {
        let stream = TcpStream::connect(address).map_err(|why| Fault::new(why.to_string()))?;
        stream.set_nodelay(true).map_err(|why| Fault::new(why.to_string()))?;
        let mut client = Client { stream: BufReader::new(stream), cookie: String::new() };
        client.send("POST", "/api/session", &json!({ "login": "bench", "password": PASSWORD }))?;
        Ok(client)
    }

    /// Sends and waits; what is no success is a fault of the bench.
    pub fn send(&mut self, method: &str, path: &str, body: &Json) -> Result<Json, Trouble> {
        let text = if body.is_null() { String::new() } else { body.to_string() };
        let answer = self.exchange(method, path, &text).map_err(|why| Fault::new(format!("{method} {path}: {why}")))?;
        match answer {
            (200..300, body) => Ok(serde_json::from_slice(&body).unwrap_or(Json::Null)),
            (status, body) => {
                Err(Fault::new(format!("{method} {path}: {status} {}", String::from_utf8_lossy(&body))).into())
            }
        }
    }

    fn exchange(&mut self, method: &str, path: &str, body: &str) -> std::io::Result<(u16, Vec<u8>)> {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: bench\r\nx-heyi: 1\r\ncookie: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.cookie,
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes())?;
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let status = line.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
        let mut length = 0;
        let mut is_chunked = false;
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            let header = line.trim_end();
            let Some((name, value)) = header.split_once(": ") else { break };
            match name {
                "content-length" => length = value.parse().unwrap_or(0),
                "transfer-encoding" => is_chunked = value == "chunked",
                "set-cookie" => self.cookie = value.split(';').next().unwrap_or("").to_owned(),
                _ => {}
            }
        }
        let mut body = Vec::new();
        if !is_chunked {
            body.resize(length, 0);
            self.stream.read_exact(&mut body)?;
            return Ok((status, body));
        }
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            let size = usize::from_str_radix(line.trim_end(), 16).unwrap_or(0);
            let start = body.len();
            body.resize(start + size + 2, 0);
            self.stream.read_exact(&mut body[start..])?;
            body.truncate(start + size);
            if size == 0 {
                return Ok((status, body));
            }
        }
    }

    fn made(&mut self, engine: &Engine, entity: &str, from: (&str, &str), action: &str) -> Result<String, Trouble> {
        let path = format!("/api/{entity}/new?from={}:{}", from.0, from.1);
        let blank = self.send("GET", &path, &Json::Null)?;
        let body = Json::Object(driver::sendable(engine.entity(entity)?, &blank["record"]));
        let id = id_of(&self.send("POST", &format!("/api/{entity}"), &body)?)?;
        self.send("POST", &format!("/api/{entity}/{id}/{action}"), &json!({}))?;
        Ok(id)
    }

    /// Quarter by quarter of a sale: order, delivery, invoice, payment.
    pub fn chain(&mut self, engine: &Engine, order: &Json) -> Result<(), Trouble> {
        let order = id_of(&self.send("POST", "/api/sales_order", order)?)?;
        self.send("POST", &format!("/api/sales_order/{order}/confirm"), &json!({}))?;
        self.made(engine, "delivery", ("sales_order", &order), "ship")?;
        let invoice = self.made(engine, "invoice", ("sales_order", &order), "post")?;
        self.made(engine, "payment", ("invoice", &invoice), "post").map(|_| ())
    }
}

fn id_of(answer: &Json) -> Result<String, Trouble> {
    let id = answer["record"]["id"].as_str();
    id.map(str::to_owned).ok_or_else(|| Fault::new(format!("an answer without an id: {answer}")).into())
}
