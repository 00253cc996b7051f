//! The vectors that another implementation must reproduce: `docs/spec/vectors/exchange-1.json`, `match-keys-1.json` and
//! `match-keys-1.txt`. `DLX_WRITE_VECTORS=1 cargo nextest run -p exchange vectors` writes them again after a format
//! has changed, which needs a new version.

use crate::people::draw;
use crate::sim::world::{COURSE, EPOCH, EXCHANGE, SCOPE, START, agency, desk, signing};
use curve25519_dalek::Scalar;
use exchange::envelope::Outgoing;
use exchange::ids::{Digest, Handle, HitId, RowId};
use exchange::matchkey::{Facts, KeySet, KeyType, frozen, held, keys, phonetic};
use exchange::message::Heartbeat;
use exchange::oprf::{self, Blinded, Mode, Secret};
use exchange::pointer::{Place, Pointer};
use exchange::threshold::SharedKey;
use exchange::token::{self, Input, Pepper};
use serde_json::{Value, json};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn subject(facts: &Facts) -> Value {
    let keys: Vec<Value> = keys(facts)
        .iter()
        .map(|key| json!([key.kind.code(), key.value]))
        .collect();
    json!({
        "forename": facts.forename, "surname": facts.surname, "date": facts.date, "postcode": facts.postcode,
        "nhs": facts.nhs, "phones": facts.phones, "vehicles": facts.vehicles, "handles": facts.handles,
        "devices": facts.devices, "property": facts.property, "keys": keys,
    })
}

fn rows(outputs: &[oprf::Output], draw: &mut exchange::draw::Draw) -> Value {
    let place = Place {
        scope: SCOPE,
        epoch: EPOCH,
        desk: desk(1),
        row: RowId([5; 16]),
    };
    let held: KeySet = held(&frozen::known_keys());
    let pointer = Pointer {
        handle: Handle([6; 16]),
        kind: KeyType::NamesDate,
        held,
        hpke_key: [7; 16],
    };
    let rows: Vec<Value> = outputs
        .iter()
        .map(|y| {
            let key = token::row_key(y, place.scope, place.epoch, place.desk, place.row);
            json!({
                "y": hex(&y.0), "token": hex(&token::token(y, SCOPE, EPOCH).0),
                "sealed_pointer": hex(&pointer.seal(&key, &place, draw)),
            })
        })
        .collect();
    json!({ "scope": hex(&place.scope.0), "epoch": EPOCH.0, "desk": hex(&place.desk.0), "row": hex(&place.row.0),
            "handle": hex(&pointer.handle.0), "key_type": pointer.kind.code(), "held": pointer.held.0,
            "hpke_key": hex(&pointer.hpke_key), "rows": rows,
            "hit_of_rows_05_and_06": hex(&HitId::of(RowId([5; 16]), RowId([6; 16])).0) })
}

fn vectors() -> Value {
    let pepper = Pepper(Digest::of(&[b"vector pepper"]).0);
    let inputs: Vec<Input> = frozen::known_keys()
        .iter()
        .take(4)
        .map(|key| pepper.input(key))
        .collect();
    let mut draw = draw(2026);
    let (a, b) = (draw.scalar(), draw.scalar());
    let secrets: Vec<Secret> = (1..=3u64)
        .map(|x| Secret::new(a + b * Scalar::from(x)).unwrap())
        .collect();
    let shared = SharedKey {
        threshold: 2,
        shares: (1u8..).zip(&secrets).map(|(n, s)| (n, *s.public())).collect(),
    };
    let blinds: Vec<Scalar> = inputs.iter().map(|_| draw.scalar()).collect();
    let blinded = Blinded::new(&inputs, blinds.clone(), Mode::Verifiable).unwrap();
    let mut answers = Vec::new();
    let mut proven = Vec::new();
    for (seat, secret) in (1u8..).zip(&secrets) {
        let nonce = draw.scalar();
        let (points, proof) = secret.evaluate(blinded.encoded(), &nonce).unwrap();
        proven.push(shared.verify(seat, &blinded, &points, &proof).unwrap());
        answers.push(json!({
            "seat": seat, "secret": hex(secret.scalar().as_bytes()), "public": hex(secret.public()),
            "nonce": hex(nonce.as_bytes()), "evaluated": points.iter().map(|p| hex(p)).collect::<Vec<_>>(),
            "proof": hex(&proof.to_bytes()),
        }));
    }
    let outputs = shared.combine(&inputs, &blinded, &proven).unwrap();
    let rows = rows(&outputs, &mut draw);
    let sent = Outgoing::new(EXCHANGE, COURSE, START, &Heartbeat { number: 7 });
    let base = oprf::derive_key(&[9; 32], b"base", Mode::Base).unwrap();
    let base_blinded = Blinded::new(&inputs, blinds.clone(), Mode::Base).unwrap();
    json!({
        "about": "Vectors of docs/spec/exchange.md, version 1. Byte strings are hexadecimal. Everything is invented.",
        "match_keys": { "version": 1, "digest": hex(&frozen::digest().0),
            "subjects": frozen::known_subjects().iter().map(subject).collect::<Vec<_>>() },
        "pepper": hex(&pepper.0), "pepper_commitment": hex(&pepper.commitment().0),
        "oprf": {
            "whole_secret": hex(a.as_bytes()), "whole_public": hex(&oprf::public_key(&a)), "threshold": 2,
            "inputs": inputs.iter().map(|m| hex(&m.0)).collect::<Vec<_>>(),
            "blinds": blinds.iter().map(|s| hex(s.as_bytes())).collect::<Vec<_>>(),
            "blinded": blinded.encoded().iter().map(|p| hex(p)).collect::<Vec<_>>(),
            "answers": answers,
            "outputs": outputs.iter().map(|y| hex(&y.0)).collect::<Vec<_>>(),
        },
        "base_mode": {
            "secret": hex(base.as_bytes()),
            "blinded": base_blinded.encoded().iter().map(|p| hex(p)).collect::<Vec<_>>(),
            "outputs": inputs.iter().map(|m| hex(&oprf::evaluate(&m.0, &base, Mode::Base).unwrap().0)).collect::<Vec<_>>(),
        },
        "rows": rows,
        "envelope": { "from_secret": hex(&signing(agency(1)).to_bytes()),
            "from_public": hex(signing(agency(1)).verifying_key().as_bytes()),
            "bytes": hex(&sent.seal(agency(1), b"", &signing(agency(1)))) },
    })
}

/// Facts that try the edges of the rules; each list by turns.
fn edges() -> Vec<Facts> {
    let names = [
        ("Abdul  Rahman", "van der Berg-Smith"),
        ("abd", "O'Neill"),
        ("Miss Chloë", "Mc Donald"),
        ("Łukasz/Jan", "de la"),
        ("B", "Ng"),
        ("Twin Anne-Marie", "Smith-Jones-Brown"),
        ("Кирилл", "Щербаков"),
        ("ŒDIPE", "ẞtraße"),
        ("Siobhán", "McA"),
        ("Zoë\u{301}", "al al-Hassan"),
        ("Xiaoyan", "Xu"),
        ("Christopher", "Wright"),
        ("Hugh", "Lamb"),
        ("Gyorgy", "Szczepański"),
        ("İbrahim", "Mac"),
        ("unborn", "ap Rhys"),
        ("Yusuf", "D’Souza"),
        ("Lee", "Law"),
        ("Wynn", "Hsu"),
        ("Ewa", "Ooi"),
    ];
    let dates = [
        "2014-01-01",
        "2016-02-29",
        "2015-02-29",
        " 2012-12-03 ",
        "12-03-2012",
        "1879-05-05",
        "2010-7-09",
        "2011-09-30",
    ];
    let postcodes = [
        "nm4 7qx",
        "ZZ99 3VZ",
        "W1A 1AA",
        "EC1A1BB",
        "NM47 QX",
        "XX99 9XX",
        "B1 1AA",
        "N M 1 2 1 Z Z",
        "NM4A7QX",
    ];
    let numbers = [
        "999 000 0018",
        "9990000019",
        "999-000-0026",
        "0000000000",
        "999000002",
        "9990000034",
    ];
    let phones = [
        "07700 900123",
        "+44 (0)7700 900123",
        "00 44 7700 900456",
        "447700900789",
        "7700 900123",
        "0777 777 7777",
        "+1 206 555 0100",
        "+0044 7700 900123",
        "01632 960001 ext 4",
        "(01632) 960001",
        "0044",
        "44 1632 96",
    ];
    let marks = ["ab51-xyz", "A1", "ABCDEF", "AB51 XYZ 99", "é1a"];
    let accounts = [
        ("Example", "@@Some.Handle"),
        ("Chat", "ab"),
        ("ΣΑΣ", "ΌΣΟΣ"),
        ("a|b", "name"),
        ("Chat", "two words"),
        ("@Chat ", " ИМЯ "),
    ];
    let devices = [
        "49-015420-323751-8",
        "490154203237519",
        "4901542032375180",
        "000000000000000",
        "12345678901234",
    ];
    let properties = ["00100999000222", "1009990002221", "12a", " 7 ", "000"];
    let turn = |list: &[&str], n: usize| list[n % list.len()].to_owned();
    (0..60)
        .map(|n| Facts {
            forename: names[n % names.len()].0.to_owned(),
            surname: names[(n + n / names.len()) % names.len()].1.to_owned(),
            date: turn(&dates, n + 7),
            postcode: turn(&postcodes, n),
            nhs: turn(&numbers, n),
            phones: vec![turn(&phones, n), turn(&phones, n + 5)],
            vehicles: vec![turn(&marks, n)],
            handles: vec![{
                let (platform, account) = accounts[n % accounts.len()];
                (platform.to_owned(), account.to_owned())
            }],
            devices: vec![turn(&devices, n)],
            property: turn(&properties, n),
        })
        .collect()
}

/// The tables of the match-keys, and what they make of invented people and of the rules' edges.
fn match_keys() -> Value {
    let pairs = |list: &[(&[u8], &str)]| -> Vec<Value> {
        list.iter()
            .map(|(letters, sound)| json!([String::from_utf8_lossy(letters), sound]))
            .collect()
    };
    let lists = frozen::lists().map(|(name, list)| (name.to_owned(), json!(list)));
    let mut tables: serde_json::Map<String, Value> = lists.into_iter().collect();
    let letters: Vec<Value> = frozen::letters()
        .iter()
        .map(|(letter, plain)| json!([letter, plain]))
        .collect();
    tables.insert("letters".to_owned(), json!(letters));
    tables.insert("sound_groups".to_owned(), json!(pairs(phonetic::GROUPS)));
    tables.insert("sound_initial".to_owned(), json!(pairs(phonetic::INITIAL)));
    let mut town = crate::children::Town::new(11, 150);
    let people = (0..150).map(|child| subject(&town.record(child, child % 2 == 0)));
    let people: Vec<Value> = people.collect();
    json!({
        "about": "docs/spec/match-keys.md, version 1: its tables, and the keys of invented subjects.",
        "tables": tables, "people": people, "edges": edges().iter().map(subject).collect::<Vec<_>>(),
    })
}

#[test]
fn the_published_vectors_are_what_this_software_makes() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/spec/vectors");
    let made = vectors();
    let digest: String = hex(&frozen::digest().0);
    if std::env::var("DLX_WRITE_VECTORS").is_ok() {
        let text = serde_json::to_string_pretty(&made).unwrap() + "\n";
        std::fs::write(folder.join("exchange-1.json"), text).unwrap();
        std::fs::write(folder.join("match-keys-1.txt"), digest.clone() + "\n").unwrap();
        let text = serde_json::to_string(&match_keys())
            .unwrap()
            .replace("},{", "},\n{")
            + "\n";
        std::fs::write(folder.join("match-keys-1.json"), text).unwrap();
    }
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let published: Value = serde_json::from_str(&read("exchange-1.json")).unwrap();
    assert_eq!(published, made);
    let published: Value = serde_json::from_str(&read("match-keys-1.json")).unwrap();
    assert_eq!(published, match_keys());
    assert_eq!(read("match-keys-1.txt"), digest + "\n");
}
