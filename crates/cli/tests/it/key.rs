//! `daylight key`: verifier keys from key files.

use crate::{daylight, said};
use ledger::key::{COSIGNATURE, NOTE, SignerKey};

#[test]
fn a_key_file_gives_the_line_for_a_policy() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("log.key");
    std::fs::write(&file, format!("{}\n", "07".repeat(32))).unwrap();
    let run = |signs: &str| {
        let name = if signs == "witness" {
            "w.example"
        } else {
            "northmere.example"
        };
        said(
            &daylight()
                .arg("key")
                .arg(&file)
                .args(["--name", name, "--signs", signs])
                .output()
                .unwrap(),
        )
    };
    let note = SignerKey::from_seed("northmere.example", NOTE, &[7; 32])
        .unwrap()
        .verifier();
    let cosigner = SignerKey::from_seed("w.example", COSIGNATURE, &[7; 32])
        .unwrap()
        .verifier();
    assert_eq!(run("log"), (0, format!("log {note}\n"), String::new()));
    assert_eq!(run("records"), (0, format!("#issuer {note}\n"), String::new()));
    assert_eq!(
        run("witness"),
        (0, format!("witness w.example {cosigner}\n"), String::new())
    );
}

#[test]
fn what_is_no_key_is_refused_without_showing_it() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("log.key");
    std::fs::write(&file, "secret but not hexadecimal").unwrap();
    let (code, out, err) = said(
        &daylight()
            .arg("key")
            .arg(&file)
            .args(["--name", "x"])
            .output()
            .unwrap(),
    );
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(
        err.contains("is not 64 hexadecimal digits") && !err.contains("secret"),
        "{err}"
    );
    std::fs::write(&file, "07".repeat(32)).unwrap();
    let (code, _, err) = said(
        &daylight()
            .arg("key")
            .arg(&file)
            .args(["--name", "a b"])
            .output()
            .unwrap(),
    );
    assert_eq!(code, 2);
    assert!(
        err.contains("A key name must not be empty or hold spaces"),
        "{err}"
    );
}
