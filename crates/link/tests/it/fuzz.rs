//! What is sent to the review page, driven from a committed corpus and small changes of it.

#[path = "../../../../fuzz/src/link.rs"]
mod targets;

use std::path::PathBuf;

fn seeds(target: &str) -> Vec<(String, Vec<u8>)> {
    let dir = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/link");
    let mut all: Vec<(String, Vec<u8>)> = std::fs::read_dir(dir.join(target))
        .unwrap()
        .map(|f| f.unwrap().path())
        .map(|p| {
            let name = p.file_name().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read(p).unwrap())
        })
        .collect();
    all.sort();
    assert!(all.len() > 3, "no corpus for {target}");
    all
}

/// Cut anywhere, a byte changed anywhere, a piece doubled or dropped anywhere: requests are short.
fn changes(seed: &[u8]) -> Vec<Vec<u8>> {
    let mut all = vec![seed.to_vec()];
    for place in 0..seed.len() {
        all.push(seed[..place].to_vec());
        for byte in [
            0,
            b'\n',
            b'\r',
            b' ',
            b':',
            b'&',
            b'=',
            b'9',
            b'-',
            0xff,
            seed[place] ^ 32,
        ] {
            let mut changed = seed.to_vec();
            changed[place] = byte;
            all.push(changed);
        }
        let end = (place + 5).min(seed.len());
        all.push([&seed[..end], &seed[place..]].concat());
        all.push([&seed[..place], &seed[end..]].concat());
    }
    all
}

#[test]
fn requests_and_their_changes_pass_every_target() {
    for (name, target) in targets::TARGETS {
        for (_, seed) in seeds(name) {
            changes(&seed).iter().for_each(|bytes| target(bytes));
        }
        for n in [
            link::page::LONGEST - 1,
            link::page::LONGEST,
            3 * link::page::LONGEST,
        ] {
            target(&vec![b'a'; n]);
            target(
                &[
                    b"POST / HTTP/1.1\r\nx: ".to_vec(),
                    vec![b'y'; n],
                    b"\r\n\r\n".to_vec(),
                ]
                .concat(),
            );
        }
    }
}

#[test]
fn every_seed_is_read_or_refused_as_its_name_says() {
    for (name, seed) in seeds("request") {
        let read = link::page::request(&seed);
        match name.split('_').next() {
            Some("bad") => assert!(read.is_err(), "{name}"),
            Some("part") => assert_eq!(read, Ok(None), "{name}"),
            _ => assert!(matches!(read, Ok(Some(_))), "{name}"),
        }
    }
}
