//! `daylight witness`: over HTTP, and that it forgets nothing when it is killed.

use crate::log::{self, head, memory};
use crate::{daylight, said};
use ledger::key::{NOTE, SignerKey, VerifierKey};
use ledger::source::Memory;
use ledger::submit::{self, Reply, SubmitError};
use ledger::tree::Reader;
use ledger::witness::origin_hash;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A running witness, killed without warning when dropped.
struct Running {
    child: Child,
    address: String,
    key: VerifierKey,
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(dir: &Path) -> Command {
    let logs = dir.join("logs");
    std::fs::write(&logs, format!("log {}\nquorum none\n", log::log_key().verifier())).unwrap();
    let mut command = daylight();
    command.arg("witness").arg(dir.join("state")).args([
        "--name",
        "witness.example",
        "--listen",
        "127.0.0.1:0",
    ]);
    command.arg("--logs").arg(logs);
    command
}

fn start(dir: &Path) -> Running {
    let mut child = command(dir).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let key = lines.next().unwrap().unwrap();
    let key = VerifierKey::parse(key.rsplit(' ').next().unwrap()).unwrap();
    let address = lines.next().unwrap().unwrap();
    let address = address.strip_prefix("listening on http://").unwrap().to_owned();
    Running { child, address, key }
}

/// One HTTP exchange: status, content type and body.
fn http(address: &str, request_line: &str, body: &[u8]) -> (u16, String, Vec<u8>) {
    let mut stream = TcpStream::connect(address).unwrap();
    let head = format!(
        "{request_line} HTTP/1.1\r\nHost: w\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    // A request that is refused early may be answered before it is all read.
    let _ = stream.write_all(body);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let split = answer.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(answer[..split].to_vec())
        .unwrap()
        .to_lowercase();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let kind = head
        .lines()
        .find_map(|l| l.strip_prefix("content-type: "))
        .unwrap_or_default()
        .to_owned();
    (status, kind, answer[split + 4..].to_vec())
}

impl Running {
    fn submit(&self, log: &Memory, old: u64) -> Result<Reply, SubmitError> {
        let size = log.edge().size();
        let proof = Reader::new(log, size).consistency(old, size).unwrap();
        let head = head(log, false);
        let (status, _, body) = http(
            &self.address,
            "POST /add-checkpoint",
            &submit::request(old, &proof, &head),
        );
        submit::read(status, &body, &head, &self.key)
    }

    fn latest(&self, origin: &str) -> (u16, String, Vec<u8>) {
        http(
            &self.address,
            &format!("GET /{}/checkpoint", origin_hash(origin)),
            b"",
        )
    }
}

#[test]
fn it_signs_what_extends_and_remembers_after_being_killed() {
    let dir = tempfile::tempdir().unwrap();
    let first = start(dir.path());
    assert_eq!(first.latest(log::ORIGIN).0, 404);
    assert!(matches!(first.submit(&memory(10), 0), Ok(Reply::Cosigned { .. })));
    assert!(matches!(
        first.submit(&memory(30), 10),
        Ok(Reply::Cosigned { .. })
    ));
    let key = first.key.clone();
    drop(first);
    let second = start(dir.path());
    assert_eq!(second.key, key);
    assert_eq!(second.submit(&memory(20), 0), Ok(Reply::Holds(30)));
    assert_eq!(second.submit(&memory(20), 20), Ok(Reply::Holds(30)));
    assert!(matches!(
        second.submit(&memory(31), 30),
        Ok(Reply::Cosigned { .. })
    ));
    let (status, kind, body) = second.latest(log::ORIGIN);
    assert_eq!((status, kind.as_str()), (200, "text/plain; charset=utf-8"));
    let held = ledger::checkpoint::SignedCheckpoint::parse(&body).unwrap();
    assert_eq!((held.checkpoint().size, held.note().signatures().len()), (31, 2));
}

#[test]
fn each_refusal_comes_over_http_as_the_protocol_says() {
    let dir = tempfile::tempdir().unwrap();
    let witness = start(dir.path());
    witness.submit(&memory(10), 0).unwrap();
    let post = |body: &[u8]| http(&witness.address, "POST /add-checkpoint", body);
    let behind = submit::request(3, &[], &head(&memory(12), false));
    assert_eq!(
        post(&behind),
        (409, "text/x.tlog.size".to_owned(), b"10\n".to_vec())
    );
    assert_eq!(post(&submit::request(10, &[], &head(&memory(12), false))).0, 422);
    assert_eq!(post(b"hello").0, 400);
    assert_eq!(post(&vec![b'a'; 1 << 19]).0, 413);
    let other = SignerKey::from_seed("wrenford.example/log", NOTE, &[1; 32]).unwrap();
    let unknown = ledger::checkpoint::Checkpoint::new("wrenford.example/log", 0, ledger::hash::Hash::EMPTY);
    assert_eq!(
        post(&submit::request(0, &[], &unknown.sign(&other).unwrap())).0,
        404
    );
    let stranger = SignerKey::from_seed(log::ORIGIN, NOTE, &[8; 32]).unwrap();
    let unsigned = head(&memory(12), false).checkpoint().sign(&stranger).unwrap();
    assert_eq!(post(&submit::request(10, &[], &unsigned)).0, 403);
    assert_eq!(http(&witness.address, "GET /add-checkpoint", b"").0, 405);
    assert_eq!(http(&witness.address, "GET /", b"").0, 404);
    assert_eq!(
        http(&witness.address, "GET /..%2Fwitness.key/checkpoint", b"").0,
        404
    );
    assert_eq!(witness.latest("wrenford.example/log").0, 404);
}

#[test]
fn a_fork_is_refused_and_the_evidence_kept() {
    let dir = tempfile::tempdir().unwrap();
    let witness = start(dir.path());
    witness.submit(&memory(100), 0).unwrap();
    let forked = log::rewritten(100);
    assert_eq!(witness.submit(&forked, 100), Err(SubmitError::OtherHistory));
    assert_eq!(witness.submit(&forked, 100), Err(SubmitError::OtherHistory));
    let files: Vec<_> = std::fs::read_dir(dir.path().join("state/disputes"))
        .unwrap()
        .map(|f| f.unwrap().path())
        .collect();
    assert_eq!(files.len(), 1);
    let kept = ledger::checkpoint::SignedCheckpoint::parse(&std::fs::read(&files[0]).unwrap()).unwrap();
    assert_eq!(kept.checkpoint().root, forked.edge().root());
    assert!(kept.note().verified_by(&[log::log_key().verifier()]).is_ok());
    assert!(matches!(
        witness.submit(&memory(100), 100),
        Ok(Reply::Cosigned { .. })
    ));
}

#[test]
fn a_damaged_memory_is_not_taken_for_none() {
    let dir = tempfile::tempdir().unwrap();
    let witness = start(dir.path());
    witness.submit(&memory(10), 0).unwrap();
    let file = dir.path().join("state/heads").join(origin_hash(log::ORIGIN));
    std::fs::write(&file, b"").unwrap();
    assert_eq!(witness.submit(&memory(10), 0), Err(SubmitError::Status(500)));
    let foreign = head(&memory(5), true).to_bytes();
    std::fs::write(&file, foreign).unwrap();
    assert_eq!(witness.submit(&memory(10), 5), Err(SubmitError::Status(500)));
}

#[test]
fn what_a_crash_left_half_written_is_passed_over() {
    let dir = tempfile::tempdir().unwrap();
    let first = start(dir.path());
    first.submit(&memory(10), 0).unwrap();
    drop(first);
    let beside = format!("state/heads/{}.new", origin_hash(log::ORIGIN));
    std::fs::write(dir.path().join(beside), b"northmere.example/log\n1").unwrap();
    let second = start(dir.path());
    assert_eq!(second.submit(&memory(12), 0), Ok(Reply::Holds(10)));
    assert!(matches!(
        second.submit(&memory(12), 10),
        Ok(Reply::Cosigned { .. })
    ));
}

#[test]
fn two_cannot_sign_from_one_directory() {
    let dir = tempfile::tempdir().unwrap();
    let _first = start(dir.path());
    let (code, _, err) = said(&command(dir.path()).output().unwrap());
    assert_eq!(code, 2);
    assert!(err.contains("Another witness is running"), "{err}");
}

#[cfg(unix)]
#[test]
fn its_key_is_readable_by_one_user() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let _witness = start(dir.path());
    let mode = |name: &str| {
        std::fs::metadata(dir.path().join("state").join(name))
            .unwrap()
            .permissions()
            .mode()
            & 0o777
    };
    assert_eq!(mode("witness.key"), 0o600);
    assert_eq!(mode(""), 0o700);
}
