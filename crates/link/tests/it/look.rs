//! Looking at files before a run, and at mistakes.

use crate::{daylight_link, people, read};

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

#[test]
fn bad_rows_stop_a_run_with_their_place_or_are_left_out_counted_and_reported() {
    let dir = tempfile::tempdir().unwrap();
    let (file, out) = (dir.path().join("people.csv"), dir.path().join("out"));
    people(&file, 900);
    let mut text = std::fs::read_to_string(&file).unwrap();
    text.push_str("r1,1,again,again,1950-01-01,NX1 1AB\nshort,1\n");
    std::fs::write(&file, &text).unwrap();
    let (f, o) = (file.to_str().unwrap(), out.to_str().unwrap());
    let run = |more: &[&str]| {
        let args = [
            &[f, "--id", "id", "--ignore", "person", "--out", o, "--quiet"],
            more,
        ]
        .concat();
        daylight_link(&args)
    };
    let e = run(&[]).unwrap_err();
    assert!(
        e.contains("people.csv, line 1353: 2 fields where the header has 6"),
        "{e}"
    );
    run(&["--skip-bad-rows"]).unwrap();
    let stats: serde_json::Value = serde_json::from_str(&read(&out, "stats.json")).unwrap();
    assert_eq!(stats["skipped_rows"], 2);
    assert_eq!(stats["skipped"]["rows"]["repeated_identifier"], 1);
    assert_eq!(stats["skipped"]["rows"]["field_count"], 1);
    assert_eq!(stats["skipped"]["first"][0]["line"], 1353);
    assert!(read(&out, "report.html").contains("1 row with more or fewer fields than the header left out"));
    // a look at the run reads the same rows
    daylight_link(&["unlinkables", "--run", o]).unwrap();
}

#[test]
fn a_file_in_another_encoding_is_read_when_it_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let (file, out) = (dir.path().join("people.csv"), dir.path().join("out"));
    people(&file, 900);
    let text = std::fs::read_to_string(&file)
        .unwrap()
        .replace("anna", "Ren\u{e9}e");
    let latin: Vec<u8> = text
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    std::fs::write(&file, latin).unwrap();
    let (f, o) = (file.to_str().unwrap(), out.to_str().unwrap());
    let e = daylight_link(&[f, "--id", "id", "--out", o, "--quiet"]).unwrap_err();
    assert!(
        e.contains("column forename: from byte 4 of the field") && e.contains("--encoding windows-1252"),
        "{e}"
    );
    daylight_link(&[
        f,
        "--id",
        "id",
        "--ignore",
        "person",
        "--encoding",
        "windows-1252",
        "--out",
        o,
        "--quiet",
    ])
    .unwrap();
    daylight_link(&["unlinkables", "--run", o]).unwrap();
}
