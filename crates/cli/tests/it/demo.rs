//! The demo lives through its weeks, and its store verifies.

use crate::{daylight, said};

#[test]
fn the_demo_lives_through_its_weeks_and_its_store_verifies() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("northmere");
    let data = data.to_str().unwrap();
    let (code, out, _) = said(
        &daylight()
            .args(["demo", "--once", "--data", data])
            .output()
            .unwrap(),
    );
    assert!(code == 0 && out.contains("all five checks hold"), "{out}");

    let (code, out, _) = said(&daylight().args(["verify", "--store", data]).output().unwrap());
    assert!(code == 0 && out.contains("Has not changed."), "{out}");

    let (code, _, words) = said(
        &daylight()
            .args(["verify", "--store", home.path().to_str().unwrap()])
            .output()
            .unwrap(),
    );
    assert!(code == 2 && words.contains("holds no node"), "{words}");
}
