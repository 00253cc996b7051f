use linkage::read::{ReadOptions, read_tables};

fn read(bytes: &[u8], options: &ReadOptions) -> Result<linkage::table::Table, String> {
    let dir = tempfile::tempdir().unwrap();
    let p = dir.path().join("in.csv");
    std::fs::write(&p, bytes).unwrap();
    read_tables(&[p.display().to_string()], options).map_err(|e| e.to_string())
}

fn id() -> ReadOptions {
    ReadOptions {
        id: Some("id".into()),
        ..Default::default()
    }
}

#[test]
fn every_malformed_file_is_named_with_its_place() {
    for (bytes, want) in [
        (&b""[..], "the file is empty"),
        (b"id,a\n", "no records"),
        (b"id,a\n1,x\n2\n", "line 3: 1 fields where the header has 2"),
        (b"id,a\n1,x\n2,y,z\n", "line 3: 3 fields where the header has 2"),
        (b"id,a\n1,\"x\n", "column a: a quoted field is never closed"),
        (b"id,a\n1,\"x\"y\n", "column a: text after a closing quote"),
        (b"id,a\n1,x\n1,y\n", "records 1 and 2 have the same identifier"),
        (b"key,a\n1,x\n", "column id: no such column; the file has: key, a"),
        (b"id,a,a\n1,x,y\n", "this column name occurs twice"),
        (b"id,a\n1,caf\xe9\n", "line 2: byte 6 of the line is not UTF-8"),
        (b"\xff\xfei\0d\0", "this is UTF-16"),
        (b"PAR1abc", "this is Parquet"),
        (b"id,a\n,x\n", "an identifier is empty"),
    ] {
        let e = read(bytes, &id()).unwrap_err();
        assert!(e.contains(want), "{want:?} not in {e:?}");
    }
}

#[test]
fn messages_never_repeat_contents() {
    let e = read(b"id,a\n1,secretvalue,extra\n", &id()).unwrap_err();
    assert!(!e.contains("secretvalue"), "{e}");
}

#[test]
fn a_field_of_ten_megabytes_is_refused_with_its_place() {
    let mut text = b"id,a\n1,x\n2,".to_vec();
    text.resize(text.len() + 10_000_000, b'y');
    text.extend_from_slice(b"\n3,z\n");
    let e = read(&text, &id()).unwrap_err();
    assert!(e.contains("line 3, column a: a field of 10000000 bytes"), "{e}");
    let t = read(
        &text,
        &ReadOptions {
            skip_bad_rows: true,
            ..id()
        },
    )
    .unwrap();
    assert_eq!((t.len(), t.skipped), (2, 1));
}

#[test]
fn bad_rows_are_skipped_and_counted_when_asked() {
    let t = read(
        b"id,a\n1,x\n2\n3,z\n",
        &ReadOptions {
            skip_bad_rows: true,
            ..id()
        },
    )
    .unwrap();
    assert_eq!((t.len(), t.skipped), (2, 1));
}

#[test]
fn quotes_newlines_and_delimiters_inside_fields() {
    let t = read(b"id;a\r\n1;\"x;\"\"y\"\"\nz\"\r\n2; spaced \r\n\r\n3;\r\n", &id()).unwrap();
    let c = &t.columns[0];
    assert_eq!(t.len(), 3);
    assert_eq!(c.values.text(c.codes[0]), "x;\"y\"\nz");
    assert_eq!(c.values.text(c.codes[1]), "spaced");
    assert_eq!(c.codes[2], 0);
}

#[test]
fn many_blocks_give_the_same_table_as_one() {
    let mut text = String::from("id,a,b\n");
    for k in 0..400_000 {
        text.push_str(&format!("{k},value {},\"quoted, {}\"\n", k % 1_000, k % 77));
    }
    let t = read(text.as_bytes(), &id()).unwrap();
    assert_eq!(t.len(), 400_000);
    assert_eq!(t.columns[0].values.len(), 1_000);
    for k in [0, 1, 123_456, 399_999] {
        let c = &t.columns[1];
        assert_eq!(c.values.text(c.codes[k]), format!("quoted, {}", k % 77));
        assert_eq!(t.ids.text(k), k.to_string());
    }
}

#[test]
fn hostile_unicode_neither_stops_nor_changes_neighbours() {
    let mut text = String::from("id,forename,surname\n");
    for (k, s) in [
        "\u{202e}abc",
        "a\u{300}\u{301}\u{302}",
        "\u{1f9d1}\u{200d}\u{1f9d1}",
        "\u{feff}x",
        "ﬀ",
        "𝔸",
        "ا\u{64b}",
        "\u{0}",
    ]
    .iter()
    .enumerate()
    {
        text.push_str(&format!("{k},{s},smith\n"));
    }
    let (_, r) = crate::people::records(&[&text]);
    let mut s = linkage::compare::Scratch::new(r.fields.len(), 4);
    for i in 0..8 {
        for j in 0..8 {
            let _ = r.pattern(i, j, &mut s);
        }
    }
    assert_eq!(r.len, 8);
}

#[test]
fn nothing_to_learn_from_is_said_with_a_remedy() {
    let (_, r) = crate::people::records(&["id,forename,dob\n1,anna,1980-01-02\n2,bert,1970-03-04\n"]);
    let e = linkage::pipeline::run(&r, &Default::default(), None, &mut linkage::pipeline::Unwatched)
        .unwrap_err()
        .to_string();
    assert!(e.contains("no model could be learned"), "{e}");
}
