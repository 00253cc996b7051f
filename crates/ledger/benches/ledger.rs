//! The ledger's bars, measured: paths, records, exhibits and reading a log of a million entries again.
//!
//! `cargo bench -p ledger` prints a table; `cargo bench -p ledger -- 100000` uses a smaller log. Plain
//! loops over a monotonic clock: the median round and the best one. On a busy machine look at the best.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock and prints"
)]

use ledger::append::{Edge, append};
use ledger::checkpoint::{Checkpoint, SignedCheckpoint};
use ledger::cosignature::cosign;
use ledger::exhibit::Exhibit;
use ledger::fsck::{self, Options};
use ledger::hash::Hash;
use ledger::key::{COSIGNATURE, NOTE, SignerKey};
use ledger::leaf::{Field, Issuer, Leaf, Presentation, Record, Value};
use ledger::path::{check_consistency, check_inclusion};
use ledger::policy::Policy;
use ledger::source::Memory;
use ledger::tree::Reader;
use std::hint::black_box;
use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

const ORIGIN: &str = "northmere.example/log";

fn main() {
    let count: u64 = std::env::args()
        .skip(1)
        .find_map(|a| a.parse().ok())
        .unwrap_or(1_000_000);
    let issuer = Issuer::new(SignerKey::from_seed("northmere.example", NOTE, &[2; 32]).unwrap()).unwrap();
    row("what", "median / best", "bar");
    records(&issuer);
    let log = grow(&issuer, count);
    edges(log.edge());
    paths(&log);
    exhibits(&issuer, &log);
    whole(&issuer, &log);
}

fn row(what: &str, median: &str, bar: &str) {
    println!("{what:<62} {median:>20}   {bar}");
}

fn show(duration: Duration) -> String {
    if duration < Duration::from_millis(1) {
        format!("{:.1} us", duration.as_secs_f64() * 1e6)
    } else if duration < Duration::from_secs(1) {
        format!("{:.2} ms", duration.as_secs_f64() * 1e3)
    } else {
        format!("{:.2} s", duration.as_secs_f64())
    }
}

/// The median and the best of 25 rounds, each the mean time of one call.
fn rounds(calls: u32, mut call: impl FnMut(u32)) -> Rounds {
    let mut rounds: Vec<Duration> = (0..25u32)
        .map(|round| {
            let start = Instant::now();
            (0..calls).for_each(|n| call(round * calls + n));
            start.elapsed() / calls
        })
        .collect();
    rounds.sort_unstable();
    Rounds(rounds[12], rounds[0])
}

/// Median and best.
struct Rounds(Duration, Duration);

impl Rounds {
    fn show(&self) -> String {
        format!("{} / {}", show(self.0), show(self.1))
    }
}

/// A place in the log that looks random and is the same every time.
fn place(n: u32, size: u64) -> u64 {
    let hash = Hash::of(&n.to_be_bytes());
    u64::from_be_bytes(*hash.as_bytes().first_chunk::<8>().unwrap()) % size
}

fn fields(i: u64) -> Vec<(&'static str, Value)> {
    let number = i64::try_from(i).unwrap();
    vec![
        ("kind", Value::Text("noted".into())),
        ("stream", Value::Text(format!("c-{}", i / 10))),
        ("seq", Value::Int(number % 10 + 1)),
        ("post", Value::Text("northmere/front-door".into())),
        ("recorded", Value::Time(1_795_487_842_000_000 + number)),
        ("previous", Value::Text(Hash::of(&i.to_be_bytes()).to_hex())),
        ("urgent", Value::Bool(false)),
        ("note", Value::Text("An invented note of about a hundred and twenty characters, which is a common length for one line of text typed.".into())),
    ]
}

fn record(issuer: &Issuer, i: u64) -> Record {
    let named = fields(i);
    let salted: Vec<Field<'_>> = (0u8..)
        .zip(&named)
        .map(|(n, (name, value))| {
            let mut salt = [n; 16];
            salt[8..].copy_from_slice(&i.to_be_bytes());
            Field { name, value, salt }
        })
        .collect();
    issuer.record(&salted, &[9; 32]).unwrap()
}

fn records(issuer: &Issuer) {
    let time = rounds(200, |n| drop(black_box(record(issuer, u64::from(n)))));
    row(
        "record, 8 fields padded to 16: build and sign",
        &time.show(),
        "60 us",
    );
    let made = record(issuer, 7);
    let key = issuer.verifier();
    let time = rounds(200, |_| {
        Leaf::parse(black_box(&made.leaf)).unwrap().verify(&key).unwrap()
    });
    row("leaf: parse and verify, strict", &time.show(), "");
    let time = rounds(2000, |_| {
        drop(black_box(Leaf::parse(black_box(&made.leaf)).unwrap()))
    });
    row("leaf: parse alone", &time.show(), "");
    row("leaf bytes / disclosures bytes", &sizes(&made), "");
}

fn sizes(made: &Record) -> String {
    format!(
        "{} / {}",
        made.leaf.len(),
        made.disclosures.iter().map(|d| d.encoded().len()).sum::<usize>()
    )
}

fn grow(issuer: &Issuer, count: u64) -> Memory {
    let mut log = Memory::default();
    let mut hashing = Duration::ZERO;
    let mut next = 0;
    while next < count {
        let end = (next + 1000).min(count);
        let leaves: Vec<Vec<u8>> = std::thread::scope(|scope| {
            let middle = (next + end) / 2;
            let first =
                scope.spawn(move || (next..middle).map(|i| record(issuer, i).leaf).collect::<Vec<_>>());
            let second: Vec<Vec<u8>> = (middle..end).map(|i| record(issuer, i).leaf).collect();
            first.join().unwrap().into_iter().chain(second).collect()
        });
        let start = Instant::now();
        let done = append(log.edge(), &leaves).unwrap();
        hashing += start.elapsed();
        log.extend(&leaves, done);
        next = end;
    }
    row(
        "append, batches of 1,000: one entry",
        &show(hashing / u32::try_from(count).unwrap()),
        "",
    );
    log
}

fn edges(edge: &Edge) {
    let bytes = edge.to_bytes();
    let time = rounds(200, |_| drop(black_box(Edge::parse(black_box(&bytes)).unwrap())));
    row(&format!("edge of {} bytes: read", bytes.len()), &time.show(), "");
    let time = rounds(200, |n| {
        drop(black_box(
            append(edge, &[n.to_be_bytes()]).unwrap().edge.to_bytes(),
        ))
    });
    row("edge: append one entry and write", &time.show(), "");
    row(
        "edge: root",
        &rounds(100, |_| _ = black_box(edge.root())).show(),
        "",
    );
}

fn paths(log: &Memory) {
    let (left, right) = (Hash::leaf(b"left"), Hash::leaf(b"right"));
    let time = rounds(10_000, |_| {
        _ = black_box(Hash::node(black_box(&left), black_box(&right)))
    });
    row("hash of one node", &time.show(), "");
    let (size, root) = (log.edge().size(), log.edge().root());
    let mut warm = Reader::with_tiles_kept(log, size, 1 << 20);
    (0..size)
        .step_by(256)
        .for_each(|i| drop(warm.inclusion(i, size).unwrap()));
    let time = rounds(2000, |n| {
        drop(black_box(warm.inclusion(place(n, size), size).unwrap()))
    });
    row("path: made, random entry, tiles kept", &time.show(), "20 us");
    let mut few = Reader::new(log, size);
    let time = rounds(200, |n| {
        drop(black_box(few.inclusion(place(n, size), size).unwrap()))
    });
    row(
        "path: made, random entry, its level-0 tile read afresh",
        &time.show(),
        "20 us",
    );
    let time = rounds(100, |n| {
        drop(black_box(
            Reader::new(log, size).inclusion(place(n, size), size).unwrap(),
        ))
    });
    row(
        "path: made, random entry, every tile read afresh",
        &time.show(),
        "20 us",
    );
    let index = place(1, size);
    let leaf = Hash::leaf(&log.entries()[usize::try_from(index).unwrap()]);
    let path = warm.inclusion(index, size).unwrap();
    let time = rounds(2000, |_| {
        check_inclusion(&leaf, index, size, &root, black_box(&path)).unwrap()
    });
    row(
        &format!("path of {} hashes: checked", path.len()),
        &time.show(),
        "20 us",
    );
    let old = place(2, size).max(1);
    let old_root = warm.root(old).unwrap();
    let time = rounds(500, |n| {
        drop(black_box(warm.consistency(place(n, size).max(1), size).unwrap()))
    });
    row("consistency proof: made, tiles kept", &time.show(), "");
    let proof = warm.consistency(old, size).unwrap();
    let time = rounds(2000, |_| {
        check_consistency(old, &old_root, size, &root, black_box(&proof)).unwrap()
    });
    row("consistency proof: checked", &time.show(), "");
}

fn head(log: &Memory) -> SignedCheckpoint {
    let key = SignerKey::from_seed(ORIGIN, NOTE, &[1; 32]).unwrap();
    let mut head = Checkpoint::new(ORIGIN, log.edge().size(), log.edge().root())
        .sign(&key)
        .unwrap();
    for n in 1..=3u8 {
        let witness = SignerKey::from_seed(&format!("w{n}.example"), COSIGNATURE, &[100 + n; 32]).unwrap();
        head.add(cosign(&witness, head.checkpoint(), 1_795_487_842).unwrap());
    }
    head
}

fn policy(issuer: &Issuer) -> Policy {
    let key = SignerKey::from_seed(ORIGIN, NOTE, &[1; 32]).unwrap();
    let mut text = format!("log {}\n#issuer {}\n", key.verifier(), issuer.verifier());
    for n in 1..=3u8 {
        let witness = SignerKey::from_seed(&format!("w{n}.example"), COSIGNATURE, &[100 + n; 32]).unwrap();
        text.push_str(&format!("witness w{n} {}\n", witness.verifier()));
    }
    Policy::parse(format!("{text}group g 2 w1 w2 w3\nquorum g\n").as_bytes()).unwrap()
}

fn exhibits(issuer: &Issuer, log: &Memory) {
    let size = log.edge().size();
    let made = record(issuer, size / 3);
    let leaf = Leaf::parse(&made.leaf).unwrap();
    let presentation = Presentation::parse(&leaf.present(&made.disclosures).unwrap()).unwrap();
    let path = Reader::new(log, size).inclusion(size / 3, size).unwrap();
    let bytes = Exhibit::new(presentation, size / 3, path, head(log)).to_bytes();
    let policy = policy(issuer);
    let time = rounds(50, |_| {
        black_box(
            Exhibit::parse(black_box(&bytes))
                .unwrap()
                .verify(&policy)
                .unwrap(),
        );
    });
    row(
        "exhibit, log + 3 witnesses + issuer: read and verify",
        &time.show(),
        "50 ms",
    );
}

/// Processor time this process has used, from the kernel's count; zero where there is none. On a shared
/// machine this, and not the time that passed, is what a quiet one would take.
fn processor_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    let ticks = |place: usize| {
        fields
            .get(place)
            .and_then(|f| f.parse::<u64>().ok())
            .unwrap_or_default()
    };
    Duration::from_millis((ticks(11) + ticks(12)) * 10)
}

fn whole(issuer: &Issuer, log: &Memory) {
    let head = head(log);
    let keys = [issuer.verifier()];
    for (what, issuers, bar) in [
        ("tree", None, "10 s"),
        ("with every signature", Some(&keys[..]), "30 s"),
    ] {
        for threads in [1, 2] {
            let options = Options {
                threads: NonZeroUsize::new(threads).unwrap(),
                issuers,
            };
            let (start, busy) = (Instant::now(), processor_time());
            let report = fsck::check(log, head.checkpoint(), &options, &|_| {}).unwrap();
            let what = format!(
                "fsck of {} entries in memory, {what}, {threads} thread(s)",
                report.entries
            );
            row(&what, &show(start.elapsed()), bar);
            row(
                "  of which processor time, all threads",
                &show(processor_time() - busy),
                "",
            );
        }
    }
}
