//! The core over HTTP on this machine only, for trying the window in a browser while developing: `POST /rpc` with
//! `{"method": …, "params": …}`, answered with `{"result": …}` or `{"error": …}`.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use flow_api::keys::Keyring;
use flow_api::{Config, Error, Studio};
use serde_json::{Value, json};

use crate::say;

/// The longest body that is read.
const MOST: usize = 256 * 1024 * 1024;

/// Answers until it is stopped.
pub(crate) fn run(port: u16, data: Option<PathBuf>) -> io::Result<bool> {
    let data = data.unwrap_or_else(|| std::env::temp_dir().join("handoff-studio-serve"));
    let studio = Arc::new(Studio::new(Config { data, keys: Keyring::of_environment() }));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    say(&format!("http://{}/rpc", listener.local_addr()?));
    for stream in listener.incoming() {
        let (stream, studio) = (stream?, Arc::clone(&studio));
        thread::spawn(move || {
            // A browser that went away needs no answer.
            let _ = answer(&stream, &studio);
        });
    }
    Ok(true)
}

fn answer(stream: &TcpStream, studio: &Studio) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    while let Some((head, length)) = request(&mut reader)? {
        let mut body = vec![0; length.min(MOST)];
        reader.read_exact(&mut body)?;
        let reply = if head.starts_with("POST /rpc ") { rpc(studio, &body).to_string() } else { String::new() };
        let mut out = stream;
        write!(
            out,
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\naccess-control-allow-origin: *\r\n\
             access-control-allow-headers: content-type\r\naccess-control-allow-methods: POST\r\n\r\n{reply}",
            reply.len()
        )?;
        out.flush()?;
    }
    Ok(())
}

/// The first line of a request and the length of its body.
fn request(reader: &mut BufReader<&TcpStream>) -> io::Result<Option<(String, usize)>> {
    let mut head = String::new();
    if reader.read_line(&mut head)? == 0 {
        return Ok(None);
    }
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            return Ok(Some((head, length)));
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or(0);
        }
    }
}

fn rpc(studio: &Studio, body: &[u8]) -> Value {
    let called: Result<Value, _> = serde_json::from_slice(body);
    let answer = match called {
        Ok(mut call) => {
            let method = call["method"].as_str().unwrap_or_default().to_owned();
            studio.call(&method, call["params"].take())
        }
        Err(error) => Err(Error::bad(error.to_string())),
    };
    match answer {
        Ok(result) => json!({ "result": result }),
        Err(error) => json!({ "error": error }),
    }
}
