//! Looking at files before a run, and at mistakes.

use crate::{daylight_link, people};

#[test]
fn looking_before_running_and_mistakes() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("people.csv");
    people(&file, 900);
    let f = file.to_str().unwrap();
    let profile = daylight_link(&["profile", f, "--id", "id"]).unwrap();
    assert!(
        profile.contains("given_name") && profile.contains("family_name") && profile.contains("postcode"),
        "{profile}"
    );
    let blocking = daylight_link(&["blocking", f, "--id", "id", "--ignore", "person"]).unwrap();
    assert!(blocking.contains("largest"), "{blocking}");
    let e = daylight_link(&[
        f,
        "--id",
        "nowhere",
        "--out",
        dir.path().to_str().unwrap(),
        "--quiet",
    ])
    .unwrap_err();
    assert!(e.contains("no such column"), "{e}");
    let e = daylight_link(&["/nowhere/x.csv", "--out", dir.path().to_str().unwrap(), "--quiet"]).unwrap_err();
    assert!(e.contains("/nowhere/x.csv"), "{e}");
}
