//! Writes a log of records into a directory, from fixed seeds, for other people's software to verify.
//!
//! `cargo run --release -p ledger --example make_log -- DIR COUNT`
//!
//! The directory is a static `tlog-tiles` log (`checkpoint`, `tile/…`, every full tile and the partial ones
//! of the head) with, beside it: `policy` and `policy-issuers` (the same, with the issuer's key as a comment
//! others pass over), `checkpoint.old` (an older head), `consistency` (the proof between the two, one hash a
//! line), `exhibit.tlog-proof`, `receipt.tlog-proof`, `entry` (the exhibit's entry), `presentation` and
//! `issuer.jwk`. The same arguments give the same bytes.
#![allow(clippy::print_stdout, clippy::expect_used, reason = "a tool for tests")]

use ledger::append::{Edge, append};
use ledger::bundle;
use ledger::checkpoint::{Checkpoint, SignedCheckpoint};
use ledger::exhibit::Exhibit;
use ledger::hash::Hash;
use ledger::key::{COSIGNATURE, NOTE, SignerKey, VerifierKey};
use ledger::leaf::{Field, Issuer, Leaf, Presentation, Record, Value};
use ledger::source::{Memory, TileSource};
use ledger::submit;
use ledger::tile::{TilePath, WIDTH, width_at};
use ledger::tree::Reader;
use ledger::witness::{Request, Seen};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

const ORIGIN: &str = "northmere.example/log";
const ISSUER: &str = "northmere.example";
const NOW: u64 = 1_795_487_842;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let dir = PathBuf::from(args.next().ok_or("usage: make_log DIR COUNT")?);
    let count: u64 = args.next().ok_or("usage: make_log DIR COUNT")?.parse()?;
    let keys = Keys::new()?;
    let made = Made::new(&keys, count)?;
    made.write_tiles(&dir)?;
    made.write_beside(&keys, &dir)?;
    println!("{count} records in {}", dir.display());
    Ok(())
}

struct Keys {
    log: SignerKey,
    issuer: Issuer,
    witnesses: Vec<SignerKey>,
}

impl Keys {
    fn new() -> Result<Keys, Box<dyn Error>> {
        let witness =
            |n: u8| SignerKey::from_seed(&format!("witness{n}.example"), COSIGNATURE, &[100 + n; 32]);
        Ok(Keys {
            log: SignerKey::from_seed(ORIGIN, NOTE, &[1; 32])?,
            issuer: Issuer::new(SignerKey::from_seed(ISSUER, NOTE, &[2; 32])?)?,
            witnesses: vec![witness(1)?, witness(2)?],
        })
    }

    /// The head of a log, cosigned by witnesses asked through the protocol itself.
    fn head(&self, log: &Memory, seen: &mut [Option<Seen>]) -> Result<SignedCheckpoint, Box<dyn Error>> {
        let size = log.edge().size();
        let mut head = Checkpoint::new(ORIGIN, size, log.edge().root()).sign(&self.log)?;
        for (witness, seen) in self.witnesses.iter().zip(seen) {
            let old = seen.as_ref().map_or(0, |seen| seen.size);
            let proof = Reader::new(log, size).consistency(old, size)?;
            let request =
                Request::parse(&submit::request(old, &proof, &head)).map_err(|answer| answer.body)?;
            let decision = request.decide(&[self.log.verifier()], seen.as_ref(), witness, NOW + size);
            let reply = submit::read(
                decision.answer.status,
                decision.answer.body.as_bytes(),
                &head,
                &witness.verifier(),
            )?;
            let submit::Reply::Cosigned { signatures, .. } = reply else {
                return Err("a witness refused".into());
            };
            signatures.into_iter().for_each(|line| head.add(line));
            *seen = decision.keep;
        }
        Ok(head)
    }
}

/// A record of eight fields that depend on `i`. The salts are not random: this log holds nothing.
fn record(issuer: &Issuer, i: u64) -> Result<Record, Box<dyn Error>> {
    let number = i64::try_from(i)?;
    let named = [
        ("kind", Value::Text("noted".into())),
        ("stream", Value::Text(format!("c-{}", i / 10))),
        ("seq", Value::Int(number % 10 + 1)),
        ("post", Value::Text("northmere/front-door".into())),
        ("recorded", Value::Time(1_795_487_842_000_000 + number * 1_000)),
        ("urgent", Value::Bool(i.is_multiple_of(7))),
        ("codes", Value::List(vec!["a".into(), "b".into()])),
        (
            "note",
            Value::Text(format!(
                "An invented note, number {i}, with \"quotes\" and an accent: \u{e9}."
            )),
        ),
    ];
    let salts = (0u8..).map(|n| {
        let digest = Hash::of(format!("salt {i} {n}").as_bytes());
        digest.as_bytes().first_chunk::<16>().copied().unwrap_or_default()
    });
    let fields: Vec<Field<'_>> = named
        .iter()
        .zip(salts)
        .map(|((name, value), salt)| Field { name, value, salt })
        .collect();
    Ok(issuer.record(&fields, Hash::of(&i.to_be_bytes()).as_bytes())?)
}

struct Made {
    log: Memory,
    old: SignedCheckpoint,
    consistency: Vec<Hash>,
    head: SignedCheckpoint,
    shown: u64,
}

impl Made {
    fn new(keys: &Keys, count: u64) -> Result<Made, Box<dyn Error>> {
        let mut log = Memory::default();
        let mut seen = vec![None; keys.witnesses.len()];
        let middle = count * 3 / 7;
        let mut old = None;
        let mut next = 0;
        while next < count {
            let end = if next < middle {
                (next + 1000).min(middle)
            } else {
                (next + 1000).min(count)
            };
            let leaves: Vec<Vec<u8>> = (next..end)
                .map(|i| record(&keys.issuer, i).map(|r| r.leaf))
                .collect::<Result<_, _>>()?;
            let done = append(log.edge(), &leaves)?;
            log.extend(&leaves, done);
            if end == middle {
                old = Some(keys.head(&log, &mut seen)?);
            }
            next = end;
        }
        let head = keys.head(&log, &mut seen)?;
        let old = old.ok_or("COUNT must be at least 3")?;
        let consistency = Reader::new(&log, count).consistency(middle, count)?;
        Ok(Made {
            log,
            old,
            consistency,
            head,
            shown: count * 5 / 9,
        })
    }

    fn write_tiles(&self, dir: &Path) -> Result<(), Box<dyn Error>> {
        let edge: &Edge = self.log.edge();
        let size = edge.size();
        for level in 0u8..8 {
            for index in 0.. {
                let width = width_at(size, level, index);
                if width == 0 {
                    break;
                }
                let hashes = self.log.hashes(level, index, width)?;
                let bytes: Vec<u8> = hashes.iter().flat_map(|h| *h.as_bytes()).collect();
                write(
                    &dir.join(TilePath::hashes(level, index, width).to_string()),
                    &bytes,
                )?;
            }
        }
        for (index, entries) in (0u64..).zip(self.log.entries().chunks(usize::from(WIDTH))) {
            let path = TilePath::entries(index, width_at(size, 0, index));
            write(&dir.join(path.to_string()), &bundle::encode(entries)?)?;
        }
        write(&dir.join("checkpoint"), &self.head.to_bytes())
    }

    fn write_beside(&self, keys: &Keys, dir: &Path) -> Result<(), Box<dyn Error>> {
        let record = record(&keys.issuer, self.shown)?;
        let leaf = Leaf::parse(&record.leaf)?;
        let size = self.log.edge().size();
        let path = Reader::new(&self.log, size).inclusion(self.shown, size)?;
        let some = leaf.present(record.disclosures.iter().skip(2).step_by(5))?;
        let exhibit = |text: &str| -> Result<Vec<u8>, Box<dyn Error>> {
            Ok(Exhibit::new(
                Presentation::parse(text)?,
                self.shown,
                path.clone(),
                self.head.clone(),
            )
            .to_bytes())
        };
        write(&dir.join("exhibit.tlog-proof"), &exhibit(&some)?)?;
        write(&dir.join("receipt.tlog-proof"), &exhibit(&leaf.present([])?)?)?;
        write(&dir.join("presentation"), some.as_bytes())?;
        write(&dir.join("entry"), &record.leaf)?;
        write(&dir.join("entry.index"), self.shown.to_string().as_bytes())?;
        write(&dir.join("checkpoint.old"), &self.old.to_bytes())?;
        let lines: String = self
            .consistency
            .iter()
            .map(|h| format!("{}\n", h.to_base64()))
            .collect();
        write(&dir.join("consistency"), lines.as_bytes())?;
        let policy = policy(keys);
        write(&dir.join("policy"), policy.as_bytes())?;
        let issuer = keys.issuer.verifier();
        write(
            &dir.join("policy-issuers"),
            format!("{policy}#issuer {issuer}\n").as_bytes(),
        )?;
        write(&dir.join("issuer.jwk"), jwk(&issuer).as_bytes())
    }
}

fn policy(keys: &Keys) -> String {
    let mut text = format!("log {}\n", keys.log.verifier());
    let mut names = String::new();
    for (n, witness) in keys.witnesses.iter().enumerate() {
        text.push_str(&format!("witness w{n} {}\n", witness.verifier()));
        names.push_str(&format!(" w{n}"));
    }
    format!("{text}group both all{names}\nquorum both\n")
}

/// The issuer's public key as a JSON Web Key (RFC 8037).
fn jwk(key: &VerifierKey) -> String {
    let standard = Hash::from_slice(key.material())
        .map(|h| h.to_base64())
        .unwrap_or_default();
    let x = standard.trim_end_matches('=').replace('+', "-").replace('/', "_");
    format!(
        "{{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"{}\",\"x\":\"{x}\"}}",
        key.kid()
    )
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(path.parent().ok_or("no folder")?)?;
    Ok(fs::write(path, bytes)?)
}
