//! The program, started and sent deliveries over loopback.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, ChildStdout, Command, Stdio},
};

use heygen::{HeaderMap, webhook::sign};

const SECRET: &str = "whsec_of_this_test";

/// The program; it ends with the test.
struct Program {
    child: Child,
    lines: BufReader<ChildStdout>,
    address: String,
}

impl Program {
    fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_webhook_receiver"))
            .env("HEYGEN_WEBHOOK_SECRET", SECRET)
            .env("LISTEN", "127.0.0.1:0")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let lines = BufReader::new(child.stdout.take().expect("its output is piped"));
        let address = String::new();
        let mut program = Self {
            child,
            lines,
            address,
        };
        let line = program.line();
        line.strip_prefix("listening on ")
            .unwrap_or(&line)
            .clone_into(&mut program.address);
        program
    }

    /// The next line that it prints.
    fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).expect("its output is text");
        line.trim_end().to_owned()
    }

    /// The status of the response to a request.
    fn send(&self, method: &str, headers: &HeaderMap, body: &str) -> u16 {
        let mut head = format!(
            "{method} /heygen/events HTTP/1.1\r\nhost: {}\r\n",
            self.address
        );
        for (name, value) in headers {
            let value = value.to_str().expect("a header of this test");
            head.extend([name.as_str(), ": ", value, "\r\n"]);
        }
        let length = body.len();
        let request = format!("{head}connection: close\r\ncontent-length: {length}\r\n\r\n{body}");
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        stream.write_all(request.as_bytes()).expect("it reads");
        let mut response = String::new();
        stream.read_to_string(&mut response).expect("it responds");
        let status = response
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        status.expect("a response has a status")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn signed_event_is_handled_once() {
    let mut program = Program::start();
    let body = r#"{"event_id": "evt_1", "event_type": "avatar_video.success",
        "event_data": {"video_id": "vid_1", "url": null, "callback_id": "order-1042"}}"#;
    for printed in [
        "order-1042: vid_1 is done",
        "avatar_video.success again: nothing to do",
    ] {
        assert_eq!(
            program.send("POST", &sign(SECRET, body.as_bytes()), body),
            204
        );
        assert_eq!(program.line(), printed);
    }
    let body = r#"{"event_type": "avatar_video.fail", "event_data": {"video_id": "vid_2", "msg": "no voice"}}"#;
    assert_eq!(
        program.send("POST", &sign(SECRET, body.as_bytes()), body),
        204
    );
    assert_eq!(
        program.line(),
        "a job without a callback_id: vid_2 has failed: no voice"
    );
}

#[test]
fn delivery_that_is_not_signed_is_refused() {
    let program = Program::start();
    let body = r#"{"event_type": "avatar_video.success"}"#;
    for headers in [HeaderMap::new(), sign("whsec_other", body.as_bytes())] {
        assert_eq!(program.send("POST", &headers, body), 401);
    }
    assert_eq!(program.send("OPTIONS", &HeaderMap::new(), ""), 200);
}
