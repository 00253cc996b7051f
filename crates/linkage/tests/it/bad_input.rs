use linkage::{
    read::{Encoding, Flaw, Input, ReadOptions, read_inputs},
    table::Table,
};

fn read(bytes: &[u8], options: &ReadOptions) -> Result<Table, String> {
    read_inputs(&[Input::Bytes("in.csv", bytes)], options).map_err(|e| e.to_string())
}

fn skipping() -> ReadOptions {
    ReadOptions {
        skip_bad_rows: true,
        ..id()
    }
}

fn cell(t: &Table, column: usize, row: usize) -> &str {
    let c = &t.columns[column];
    c.values.text(c.codes[row])
}

fn id() -> ReadOptions {
    ReadOptions {
        id: Some("id".into()),
        ..Default::default()
    }
}

#[test]
fn a_column_to_be_ignored_must_be_there_lest_an_answer_be_compared() {
    let options = ReadOptions {
        ignore: vec!["truth".into(), "notes".into()],
        ..id()
    };
    let two = |second: &[u8]| {
        let files = [
            Input::Bytes("a.csv", b"id,a,truth\n1,x,7\n"),
            Input::Bytes("b.csv", second),
        ];
        read_inputs(&files, &options).map_err(|e| e.to_string())
    };
    // one file that has it is enough
    let t = two(b"id,a,notes\n1,x,7\n").unwrap();
    assert_eq!(t.columns.len(), 1);
    let e = two(b"id,a,note\n1,x,7\n").unwrap_err();
    assert!(e.contains("no file has the column notes"), "{e}");
}

#[test]
fn columns_meet_whatever_the_case_and_the_blanks_of_their_names() {
    let options = ReadOptions {
        id: Some("id".into()),
        ignore: vec!["truth".into()],
        ..Default::default()
    };
    let files = [
        Input::Bytes(
            "a.csv",
            b"id,truth,First name,date_of_birth\n1,7,anna,1980-01-02\n",
        ),
        Input::Bytes(
            "b.csv",
            b"ID;Truth;FIRST_NAME;Date of Birth;firstname2\n1;7;bert;1970-01-02;x\n",
        ),
    ];
    let t = read_inputs(&files, &options).unwrap();
    let names: Vec<&str> = t.columns.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["First name", "date_of_birth", "firstname2"]);
    assert_eq!((cell(&t, 0, 1), t.ids.text(1)), ("bert", "1"));
    let said = linkage::caution::one_sided(&t).unwrap();
    assert_eq!(said.len(), 1);
    assert!(said[0].contains("column firstname2: file b alone"), "{said:?}");
    // two that could be meant are left as they are
    let t = read(b"id,a b,A_B\n1,x,y\n", &id()).unwrap();
    assert_eq!(t.columns.len(), 2);
    let t = read_inputs(
        &[
            Input::Bytes("a.csv", b"id,a\n1,x\n"),
            Input::Bytes("b.csv", b"id,b\n1,x\n"),
        ],
        &id(),
    );
    let e = linkage::caution::one_sided(&t.unwrap()).unwrap_err().to_string();
    assert!(e.contains("no column has values in two of the files"), "{e}");
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
        (
            b"id,a\n1,x\n1,y\n",
            "line 3, column id: the identifier of line 2 again",
        ),
        (
            b"id,a\n1,\"x\ny\"\n\n2,z\n1,y\n",
            "line 6, column id: the identifier of line 2 again",
        ),
        (b"key,a\n1,x\n", "column id: no such column; the file has: key, a"),
        (b"id,a,a\n1,x,y\n", "this column name occurs twice"),
        (
            b"id,a\n1,caf\xe9\n",
            "line 2, column a: from byte 4 of the field, bytes that are not UTF-8",
        ),
        (b"\xff\xfei\0d\0", "this is UTF-16"),
        (b"PAR1abc", "this is Parquet"),
        (b"id,a\n,x\n", "line 2, column id: the identifier is empty"),
        (b"id,caf\xe9\n1,x\n", "line 1: bytes that are not UTF-8"),
        (b"PK\x03\x04\x14", "a workbook"),
        (&[0x1f, 0x8b, 8, 0], "this is compressed; unpack it first"),
        (b"i\0d\0,\0a\0\n\0", "--encoding utf-16"),
        (b"\n\n\n", "line 1: no column names"),
        (b"id,a,b\r1,x,x\r2,y,y\r", "carriage returns alone"),
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
    let t = read(&text, &skipping()).unwrap();
    assert_eq!((t.len(), t.skipped.rows[&Flaw::TooLong]), (2, 1));
}

#[test]
fn a_quoted_field_of_ten_megabytes_with_line_ends_is_one_bad_row() {
    let mut text = b"id,a\n1,x\n2,\"".to_vec();
    for k in 0..1_000_000 {
        text.extend_from_slice(format!("{k:09}\n").as_bytes());
    }
    text.extend_from_slice(b"\"\n3,z\n");
    let e = read(&text, &id()).unwrap_err();
    assert!(e.contains("line 3, column a: a field of 9999999 bytes"), "{e}");
    let t = read(&text, &skipping()).unwrap();
    assert_eq!((t.len(), t.skipped.total()), (2, 1));
    assert_eq!(cell(&t, 0, 1), "z");
}

#[test]
fn bad_rows_are_skipped_and_counted_with_reason_and_place_when_asked() {
    let text = b"id,a\n1,x\n2\n3,z\n3,again\n,none\n4,caf\xe9\n5,\"q\"q\n6,end\n";
    let t = read(text, &skipping()).unwrap();
    let kept: Vec<&str> = (0..t.len()).map(|k| t.ids.text(k)).collect();
    assert_eq!(kept, ["1", "3", "6"]);
    assert_eq!([0, 1, 2].map(|k| cell(&t, 0, k)), ["x", "z", "end"]);
    for flaw in [
        Flaw::FieldCount,
        Flaw::RepeatedIdentifier,
        Flaw::NoIdentifier,
        Flaw::Encoding,
        Flaw::Quotes,
    ] {
        assert_eq!(t.skipped.rows[&flaw], 1, "{flaw:?}");
    }
    let mut places: Vec<(u64, Option<&str>)> = t
        .skipped
        .first
        .iter()
        .map(|s| (s.line, s.column.as_deref()))
        .collect();
    places.sort_unstable();
    let (id, a) = (Some("id"), Some("a"));
    assert_eq!(places, [(3, None), (5, id), (6, id), (7, a), (8, a)]);
    assert_eq!(t.skipped.sentences().len(), 5);
}

#[test]
fn other_encodings_are_read_when_named() {
    let options = |encoding| ReadOptions { encoding, ..id() };
    let t = read(b"id,a\n1,caf\xe9 \x80\n", &options(Encoding::Windows1252)).unwrap();
    assert_eq!(cell(&t, 0, 0), "caf\u{e9} \u{20ac}");
    let units: Vec<u8> = "\u{feff}id;a\r\n1;\u{141}\u{f3}d\u{17a}\r\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let t = read(&units, &options(Encoding::Utf16)).unwrap();
    assert_eq!(cell(&t, 0, 0), "\u{141}\u{f3}d\u{17a}");
    let e = read(b"id,a\n1,x\x81\n", &options(Encoding::Windows1252)).unwrap_err();
    assert!(
        e.contains("line 2, column a") && e.contains("not Windows-1252"),
        "{e}"
    );
}

#[test]
fn lone_quotes_and_quoted_line_ends_survive_every_cut_between_blocks() {
    // more than two blocks; inches in unquoted fields make counting quotes misleading
    let mut text = String::from("id,size,note\n");
    let row = |k: usize| match k % 7 {
        0 => (format!("{k}\" pipe"), format!("plain {k}")),
        3 => (format!("size {k}"), format!("\"two\nlines, {k} \"\"so\"\"\"")),
        _ => (format!("size {k}"), format!("\"quoted {k}\"")),
    };
    let n = 220_000;
    for k in 0..n {
        let (size, note) = row(k);
        text.push_str(&format!("{k},{size},{note}\n"));
    }
    assert!(text.len() > 3 << 21);
    let t = read(text.as_bytes(), &id()).unwrap();
    assert_eq!(t.len(), n);
    for k in 0..n {
        let (size, note) = row(k);
        let note = note.trim_matches('"').replace("\"\"", "\"");
        assert_eq!(t.ids.text(k), k.to_string());
        assert_eq!(
            (cell(&t, 0, k), cell(&t, 1, k).trim_matches('"')),
            (&*size, note.trim_matches('"')),
            "{k}"
        );
    }
}

#[cfg(feature = "parquet")]
#[test]
fn a_parquet_file_cut_or_changed_anywhere_is_refused_or_read_but_never_stops_the_program() {
    let (t, _) = crate::people::records(&[&crate::people::csv(&crate::people::population(300, 9))]);
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("c.parquet");
    let people = linkage::write::People {
        ids: &t.ids,
        sources: &t.sources,
    };
    let labels: Vec<u32> = (0..t.len() as u32).map(|k| k / 3 * 3).collect();
    linkage::write::clusters(&path, linkage::write::Format::Parquet, people, &labels).unwrap();
    let whole = std::fs::read(&path).unwrap();
    let read = |bytes: &[u8]| read_inputs(&[Input::Bytes("c.parquet", bytes)], &id()).map(|t| t.len());
    assert_eq!(read(&whole).unwrap(), 300);
    for at in 0..whole.len() {
        let e = read(&whole[..at]).unwrap_err().to_string();
        assert!(e.contains("Parquet") || e.contains("empty"), "cut at {at}: {e}");
    }
    for at in (0..whole.len()).step_by(3) {
        for bit in [1, 0x80] {
            let mut bad = whole.clone();
            bad[at] ^= bit;
            let _ = read(&bad);
        }
    }
}

#[cfg(feature = "parquet")]
#[test]
fn a_parquet_file_with_something_wrong_is_named_with_row_and_column() {
    use parquet::{data_type::*, file::writer::SerializedFileWriter, schema::parser::parse_message_type};
    let write = |ids: &[&str], sizes: &[usize], text: bool| {
        let kind = if text {
            "REQUIRED BYTE_ARRAY a (UTF8)"
        } else {
            "REQUIRED BYTE_ARRAY a"
        };
        let schema = format!("message m {{ REQUIRED BYTE_ARRAY id (UTF8); {kind}; }}");
        let schema = std::sync::Arc::new(parse_message_type(&schema).unwrap());
        let mut w = SerializedFileWriter::new(Vec::new(), schema, Default::default()).unwrap();
        let mut group = w.next_row_group().unwrap();
        let values: [Vec<ByteArray>; 2] = [
            ids.iter().map(|i| ByteArray::from(*i)).collect(),
            sizes.iter().map(|n| ByteArray::from(vec![b'y'; *n])).collect(),
        ];
        for column in values {
            let mut c = group.next_column().unwrap().unwrap();
            c.typed::<ByteArrayType>()
                .write_batch(&column, None, None)
                .unwrap();
            c.close().unwrap();
        }
        group.close().unwrap();
        w.into_inner().unwrap()
    };
    let read = |bytes: &[u8], o: &ReadOptions| {
        read_inputs(&[Input::Bytes("in.parquet", bytes)], o).map_err(|e| e.to_string())
    };
    let (a, ten) = (&["1", "2"], 10_000_000);
    for (bytes, want) in [
        (
            write(&["1", "1"], &[1, 2], true),
            "row 2, column id: the identifier of row 1 again",
        ),
        (
            write(&["1", ""], &[1, 2], true),
            "row 2, column id: the identifier is empty",
        ),
        (
            write(a, &[1, ten], true),
            "row 2, column a: a value of more than 1 MiB",
        ),
        (write(a, &[1, 2], false), "row 1, column a: a binary value"),
        (write(&[], &[], true), "no records: the file has a header at most"),
        (b"PK\x03\x04".to_vec(), "not readable as Parquet"),
    ] {
        let e = read(&bytes, &id()).unwrap_err();
        assert!(
            e.contains("in.parquet") && e.contains(want),
            "{want:?} not in {e:?}"
        );
    }
    for bytes in [
        write(&["1", "1"], &[1, 2], true),
        write(&["1", ""], &[1, 2], true),
        write(a, &[1, ten], true),
    ] {
        let t = read(&bytes, &skipping()).unwrap();
        assert_eq!((t.len(), t.skipped.total()), (1, 1));
    }
    let e = read(&write(a, &[1, 2], false), &skipping()).unwrap_err();
    assert!(e.contains("all 2 rows were left out"), "{e}");
    let options = ReadOptions {
        id: Some("key".into()),
        ..Default::default()
    };
    let e = read(&write(a, &[1, 2], true), &options).unwrap_err();
    assert!(e.contains("no such column; the file has: id, a"), "{e}");
}

#[test]
fn values_that_are_not_what_the_column_holds_are_counted() {
    let mut text = String::from("id,dob,amount\n");
    for k in 0..400 {
        let dob = if k % 40 == 7 {
            "last spring".to_owned()
        } else {
            format!("19{:02}-03-{:02}", k % 90, 1 + k % 28)
        };
        let amount = if k % 100 == 3 {
            "many".to_owned()
        } else {
            format!("{}.5", k * 7)
        };
        text.push_str(&format!("{k},{dob},{amount}\n"));
    }
    let mut t = crate::people::table(&[&text]);
    let mut p = linkage::profile::profile(&t);
    linkage::settings::Settings::default()
        .prepare(&mut t, &mut p)
        .unwrap();
    assert_eq!(p.iter().map(|p| p.odd).collect::<Vec<_>>(), [10, 4]);
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
