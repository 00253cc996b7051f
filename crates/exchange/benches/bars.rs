//! The exchange's bars, each beside its peer where one exists. `cargo bench -p exchange`. One thread; best of several
//! rounds, in processor time of the thread, because the machine is shared. `ROWS=n` sets the index size (10 million by default).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock and prints"
)]

use exchange::ask::{self, AskBody, Between, Urgency};
use exchange::draw::Draw;
use exchange::ids::{DeskId, Epoch, Handle, PartyId, RowId, ScopeId, Token};
use exchange::index::{Desk, DeskKind, Directory, Index, Row};
use exchange::keygen::{self, Share};
use exchange::matchkey::{self, Facts, KeyType};
use exchange::oprf::{Blinded, Mode, Secret};
use exchange::pointer::{Place, Pointer};
use exchange::seal::OpenWith;
use exchange::token::{self, Input, Pepper};
use exchange::wire::Blob;
use std::hint::black_box;
use std::time::{Duration, Instant};
use voprf::{Ristretto255, VoprfServer};

fn draw(n: u8) -> Draw {
    Draw::new([n; 32])
}

/// Processor time this thread has used: what Linux says, else time since the first call.
fn used() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.and_then(|text| text.split(' ').next()?.parse().ok());
    nanos.map_or_else(|| START.elapsed(), Duration::from_nanos)
}
static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);

/// The shortest of `rounds` runs, each repeated until it is long enough to measure.
fn best<T>(rounds: usize, mut run: impl FnMut() -> T) -> Duration {
    let mut shortest = Duration::MAX;
    for _ in 0..rounds {
        let (start, mut times) = (used(), 0u32);
        let took = loop {
            black_box(run());
            times += 1;
            let took = used() - start;
            if took >= Duration::from_millis(60) || times == 100_000 {
                break took;
            }
        };
        shortest = shortest.min(took / times);
    }
    shortest
}

fn rate(n: usize, took: Duration) -> f64 {
    n as f64 / took.as_secs_f64()
}

fn line(what: &str, value: String, bar: &str) {
    println!("{what:<58} {value:>16}   {bar}");
}

fn shares() -> Vec<Share> {
    let begun: Vec<_> = (1..=3u8)
        .map(|seat| keygen::begin(seat, 3, 2, &mut draw(seat)).unwrap())
        .collect();
    let first: Vec<(u8, Vec<u8>)> = (1u8..)
        .zip(&begun)
        .map(|(seat, (_, m))| (seat, m.clone()))
        .collect();
    let dealt: Vec<_> = (1u8..)
        .zip(begun)
        .map(|(seat, (state, _))| {
            let others: Vec<_> = first.iter().filter(|(from, _)| *from != seat).cloned().collect();
            (seat, state.deal(&others).unwrap())
        })
        .collect();
    let secrets: Vec<_> = dealt
        .iter()
        .map(|(seat, (_, out))| (*seat, out.clone()))
        .collect();
    let finish = |(seat, (state, _)): (u8, (keygen::RoundTwo, keygen::Deals))| {
        let mine: Vec<_> = secrets
            .iter()
            .flat_map(|(from, out)| {
                out.iter()
                    .filter(|(to, _)| *to == seat)
                    .map(|(_, m)| (*from, m.clone()))
            })
            .collect();
        state.finish(&mine).unwrap()
    };
    dealt.into_iter().map(finish).collect()
}

fn inputs(n: usize) -> Vec<Input> {
    (0..n as u64)
        .map(|i| {
            let mut bytes = [0; 32];
            bytes[..8].copy_from_slice(&i.to_be_bytes());
            Input(bytes)
        })
        .collect()
}

fn blinds(n: usize) -> Vec<curve25519_dalek::Scalar> {
    let mut draw = draw(9);
    (0..n).map(|_| draw.scalar()).collect()
}

fn key_holder() {
    let secret = Secret::new(draw(1).scalar()).unwrap();
    let server = VoprfServer::<Ristretto255>::new_with_key(secret.scalar().as_bytes()).unwrap();
    for (n, rounds) in [(16, 8), (1_000, 8)] {
        let points = Blinded::new(&inputs(n), blinds(n), Mode::Verifiable)
            .unwrap()
            .encoded()
            .to_vec();
        let nonce = draw(2).scalar();
        // the two take turns, so that a busy moment strikes both
        let (mut ours, mut theirs) = (Duration::MAX, Duration::MAX);
        for _ in 0..rounds {
            ours = ours.min(best(1, || secret.evaluate(&points, &nonce).unwrap()));
            theirs = theirs.min(best(1, || {
                use rand_chacha::rand_core::SeedableRng as _;
                let mut rng = rand_chacha::ChaCha20Rng::from_seed([1; 32]);
                let read: Vec<_> = points
                    .iter()
                    .map(|p| voprf::BlindedElement::<Ristretto255>::deserialize(p).unwrap())
                    .collect();
                let answer = server.batch_blind_evaluate(&mut rng, &read).unwrap();
                let out: Vec<_> = answer
                    .messages
                    .iter()
                    .map(voprf::EvaluationElement::serialize)
                    .collect();
                (out, answer.proof.serialize())
            }));
        }
        let name = format!("key-holder, batch {n}: evaluations with proof");
        line(
            &name,
            format!("{:.0}/s", rate(n, ours)),
            if n == 1_000 { "bar 20,000/s" } else { "" },
        );
        line(
            "  voprf, the same bytes in and out",
            format!("{:.0}/s", rate(n, theirs)),
            "",
        );
        line(
            "  ratio",
            format!("{:.2}", theirs.as_secs_f64() / ours.as_secs_f64()),
            "bar 1.2 at 1,000",
        );
        if n == 16 {
            line(
                "  one subject",
                format!("{:.2} ms", ours.as_secs_f64() * 1e3),
                "bar 2 ms",
            );
        }
    }
}

fn agency() {
    let shares = shares();
    let public = &shares[0].public;
    let (scope, epoch, desk) = (ScopeId([1; 16]), Epoch(1), DeskId([2; 16]));
    for (n, rounds) in [(16, 8), (1_000, 8)] {
        let inputs = inputs(n);
        let given = blinds(n);
        let asked = Blinded::new(&inputs, given.clone(), Mode::Verifiable).unwrap();
        let answers: Vec<_> = shares[..2]
            .iter()
            .map(|share| {
                (
                    share.seat,
                    share.secret.evaluate(asked.encoded(), &draw(3).scalar()).unwrap(),
                )
            })
            .collect();
        let took = best(rounds, || {
            let blinded = Blinded::new(&inputs, given.clone(), Mode::Verifiable).unwrap();
            let proven: Vec<_> = answers
                .iter()
                .map(|(seat, (points, proof))| public.verify(*seat, &blinded, points, proof).unwrap())
                .collect();
            let outputs = public.combine(&inputs, &blinded, &proven).unwrap();
            let mut draw = draw(4);
            outputs
                .iter()
                .map(|y| {
                    let row = RowId(draw.bytes());
                    let place = Place {
                        scope,
                        epoch,
                        desk,
                        row,
                    };
                    let pointer = Pointer {
                        handle: Handle([1; 16]),
                        kind: KeyType::NamesDate,
                        held: matchkey::KeySet(4),
                        hpke_key: [1; 16],
                    };
                    let sealed = pointer.seal(&token::row_key(y, scope, epoch, desk, row), &place, &mut draw);
                    (token::token(y, scope, epoch), row, sealed)
                })
                .collect::<Vec<_>>()
        });
        let name = format!("agency, batch {n}: blind, check 2 proofs, combine, seal");
        line(
            &name,
            format!("{:.0}/s", rate(n, took)),
            if n == 1_000 { "bar 8,000/s" } else { "" },
        );
        if n == 16 {
            line(
                "  one subject",
                format!("{:.2} ms", took.as_secs_f64() * 1e3),
                "bar 5 ms",
            );
        }
    }
}

fn match_keys() {
    let pepper = Pepper([7; 32]);
    let facts = Facts {
        forename: "Mohammed Ali".to_owned(),
        surname: "Choudhury-Price".to_owned(),
        date: "2014-07-19".to_owned(),
        postcode: "NM4 7QX".to_owned(),
        nhs: "9990000018".to_owned(),
        phones: vec!["07700 900123".to_owned()],
        ..Facts::default()
    };
    let took = best(5, || {
        (0..100)
            .map(|_| {
                matchkey::keys(&facts)
                    .iter()
                    .map(|k| usize::from(pepper.input(k).0[0]))
                    .sum::<usize>()
            })
            .sum::<usize>()
    });
    line(
        "match-keys of a subject, with pepper",
        format!("{:.1} µs", took.as_secs_f64() * 1e4),
        "",
    );
}

fn index() {
    let rows: u64 = std::env::var("ROWS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(10_000_000);
    let mut directory = Directory::default();
    for n in 0..200u8 {
        directory.add(Desk {
            id: DeskId([n; 16]),
            agency: PartyId([n; 16]),
            kind: DeskKind::Ordinary,
        });
    }
    let mut index = Index::new([5; 32], directory);
    // one token in eight is held by two desks: more hits than any real load
    let row = |n: u64| {
        let token = exchange::ids::Digest::of(&[&(n - (n % 8) / 7).to_be_bytes()]).0;
        let mut id = [0; 16];
        id[..8].copy_from_slice(&n.to_be_bytes());
        let mut short = [0; 16];
        short.copy_from_slice(&token[..16]);
        Row {
            token: Token(short),
            id: RowId(id),
            pointer: [n as u8; 136],
            until: 20_000,
            urgent: false,
        }
    };
    let fill = |index: &mut Index, from: u64, to: u64| {
        let start = used();
        let mut hits = 0;
        for n in from..to {
            hits += index.put((n % 200) as u16, &row(n)).unwrap().met.len();
        }
        (used() - start, hits)
    };
    let (took, hits) = fill(&mut index, 0, rows);
    line(
        &format!("index, empty to {rows} rows ({hits} hits)"),
        format!("{:.0}/s", rate(rows as usize, took)),
        "bar 200,000/s",
    );
    let more = 200_000;
    let took = (0..5)
        .map(|n| fill(&mut index, rows + n * more, rows + (n + 1) * more).0)
        .min()
        .unwrap();
    line(
        "  at that size, one more row",
        format!("{:.0}/s", rate(more as usize, took)),
        "bar 200,000/s",
    );
    line(
        "  bytes a row",
        format!("{:.1}", index.bytes() as f64 / index.len() as f64),
        "",
    );
    let took = best(3, || {
        (0..more)
            .filter(|n| index.delete((n % 200) as u16, row(*n).token, row(*n).id))
            .count()
    });
    line("  deleting", format!("{:.0}/s", rate(more as usize, took)), "");
    line(
        "  120 million rows, on paper",
        format!("{:.1} GB", index.bytes() as f64 / index.len() as f64 * 0.12),
        "",
    );
}

fn asks() {
    let between = Between {
        scope: ScopeId([1; 16]),
        asker: PartyId([1; 16]),
        holder: PartyId([2; 16]),
    };
    let desk = OpenWith::from_seed(&[3; 32]);
    let body = AskBody {
        theirs: Handle([1; 16]),
        ours: Handle([2; 16]),
        purpose: 1,
        gateway: "CA2004-s11".to_owned(),
        necessity: "to plan the visit together".to_owned(),
        fields: vec!["plan".to_owned(), "allocated-worker".to_owned()],
        officer: "northmere/hub".to_owned(),
        approver: "northmere/hub-manager".to_owned(),
        urgency: Urgency::Enquiry,
        break_glass: false,
        entry: Blob(vec![7; 600]),
        leaf: "x".repeat(1_300),
        answer_to: [3; 32],
    };
    let mut draw = draw(1);
    let took = best(5, || {
        let sealed = ask::seal_ask(&body, &desk.public(), between, false, &mut draw).unwrap();
        ask::open_ask(&sealed, &desk, between).unwrap()
    });
    line(
        "ask: seal and open",
        format!("{:.3} ms", took.as_secs_f64() * 1e3),
        "bar 1 ms",
    );
}

fn main() {
    key_holder();
    agency();
    match_keys();
    asks();
    index();
}
