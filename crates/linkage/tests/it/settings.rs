use crate::people::{csv, population, table};
use linkage::{
    compare::{Scratch, level_of},
    pipeline::{Options, Unwatched, run},
    profile::profile,
    settings::Settings,
};

const TEXT: &str = r#"
threshold = 0.8
[[comparisons]]
name = "forename"
[[comparisons]]
name = "surname"
[[comparisons]]
name = "dob"
[[comparisons]]
name = "place"
[[comparisons.levels]]
label = "postcode and address"
when = { all = [{ exact = "postcode" }, { jaro_winkler = { column = "address", at_least = 0.9 } }] }
[[comparisons.levels]]
label = "postcode or address"
when = { any = [{ exact = "postcode" }, { jaro_winkler = { column = "address", at_least = 0.97 } }] }
[[blocking]]
parts = [{ field = "surname", key = "sound" }, { field = "dob", key = "year" }]
[[blocking]]
parts = [{ field = "forename", key = "sound" }, { field = "postcode", key = "exact" }]
"#;

#[test]
fn a_settings_file_decides_what_is_compared() {
    let rows = population(4_000, 31);
    let mut t = table(&[&csv(&rows)]);
    let mut p = profile(&t);
    let s = Settings::parse(TEXT, true).unwrap();
    let r = s.prepare(&mut t, &mut p).unwrap();
    assert_eq!(
        r.fields.iter().map(|f| f.name.as_str()).collect::<Vec<_>>(),
        ["forename", "surname", "dob", "place"]
    );
    let o = run(&r, &s.options(Options::default()), None, &mut Unwatched).unwrap();
    assert_eq!(o.model.threshold, 0.8);
    assert_eq!(o.rules.len(), 2);
    assert_eq!(
        o.model.fields[3].levels,
        [
            "missing",
            "postcode and address",
            "postcode or address",
            "anything else"
        ]
    );
    assert!(o.model.fields[3].m[1] > 0.4 && o.model.fields[3].u[3] > 0.9);
    let sure: Vec<_> = o.edges.iter().filter(|e| e.probability() > 0.8).collect();
    let right = sure
        .iter()
        .filter(|e| rows[e.left as usize].person == rows[e.right as usize].person)
        .count();
    assert!(
        sure.len() > 500 && right * 10 > sure.len() * 8,
        "{right} of {}",
        sure.len()
    );
}

#[test]
fn conditions_as_a_table_of_literal_rows() {
    let text = "id,name,n,lat,long,tags,day\n\
                1,anna maria,10,51.5,0,a;b,2000-01-01\n\
                2,maria anna,10.4,51.5,0.01,b;c,2000-01-09\n\
                3,,20,0,0,,\n\
                4,hanna maria,10,52.5,0,d;e,1999-12-31\n";
    for (when, pair, want) in [
        (r#"{"exact":"name"}"#, (0, 1), false),
        (r#"{"jaccard":{"column":"name","at_least":1.0}}"#, (0, 1), true),
        (r#"{"levenshtein":{"column":"name","at_most":1}}"#, (0, 3), true),
        (
            r#"{"not":{"levenshtein":{"column":"name","at_most":1}}}"#,
            (0, 3),
            false,
        ),
        (r#"{"difference":{"column":"n","at_most":0.5}}"#, (0, 1), true),
        (r#"{"percent":{"column":"n","at_most":1}}"#, (0, 1), false),
        (r#"{"percent":{"column":"n","at_most":5}}"#, (0, 1), true),
        (
            r#"{"kilometres":{"latitude":"lat","longitude":"long","at_most":1}}"#,
            (0, 1),
            true,
        ),
        (
            r#"{"kilometres":{"latitude":"lat","longitude":"long","at_most":100}}"#,
            (0, 3),
            false,
        ),
        (r#"{"overlap":{"column":"tags","at_least":1}}"#, (0, 1), true),
        (r#"{"overlap":{"column":"tags","at_least":1}}"#, (0, 3), false),
        (r#"{"days":{"column":"day","at_most":8}}"#, (0, 1), true),
        (r#"{"days":{"column":"day","at_most":7}}"#, (0, 1), false),
        (r#"{"days":{"column":"day","at_most":1}}"#, (0, 3), true),
    ] {
        let json = format!(
            r#"{{"columns":{{"n":{{"kind":"number"}},"lat":{{"kind":"number"}},"long":{{"kind":"number"}},"day":{{"kind":"date"}},"tags":{{"kind":"text","separator":";"}}}},
               "comparisons":[{{"name":"c","levels":[{{"label":"yes","when":{when}}}]}}]}}"#
        );
        let mut t = table(&[text]);
        let mut p = profile(&t);
        let r = Settings::parse(&json, false)
            .unwrap()
            .prepare(&mut t, &mut p)
            .unwrap();
        let level = level_of(r.pattern(pair.0, pair.1, &mut Scratch::new(1, 4)), 0);
        assert_eq!(level == 1, want, "{when} {pair:?} gave level {level}");
        // a record without the value is not compared
        assert_eq!(
            level_of(r.pattern(0, 2, &mut Scratch::new(1, 4)), 0) == 0,
            !when.contains("\"n\"") && !when.contains("lat"),
            "{when}"
        );
    }
}

#[test]
fn several_values_in_one_cell_agree_if_any_do() {
    let mut text = String::from("id,phone,dob\n");
    for k in 0..60 {
        text.push_str(&format!(
            "{k},07700900{k:03}|01632960{k:03},1980-01-{:02}\n",
            1 + k % 28
        ));
    }
    text.push_str("60,01632960005,1980-01-06\n");
    let (_, r) = crate::people::records(&[&text]);
    let mut s = Scratch::new(2, 4);
    assert!((1..=3).contains(&level_of(r.pattern(5, 60, &mut s), 0)));
    assert!(level_of(r.pattern(6, 60, &mut s), 0) > 3);
}

#[test]
fn mistakes_in_settings_are_explained() {
    for (text, want) in [
        ("treshold = 0.5", "unknown field"),
        ("threshold = 2.0", "threshold must lie between 0 and 1"),
        ("prior = 0.0", "prior must lie strictly"),
        (
            "[[comparisons]]\nname = \"x\"\n[[comparisons.levels]]\nlabel=\"l\"\nwhen={ jaro = { column = \"x\", at_least = inf } }",
            "a number in a condition is not finite",
        ),
        (
            "[[comparisons]]\nname = \"x\"\n[[comparisons.levels]]\nlabel=\"l\"\nwhen={ nonsense = 1 }",
            "unknown variant",
        ),
    ] {
        let e = Settings::parse(text, true).unwrap_err().to_string();
        assert!(e.contains(want), "{want:?} not in {e:?}");
    }
    let mut t = table(&["id,a\n1,x\n2,y\n"]);
    let mut p = profile(&t);
    let s = Settings::parse("[[comparisons]]\nname = \"nowhere\"", true).unwrap();
    assert!(
        s.prepare(&mut t, &mut p)
            .unwrap_err()
            .to_string()
            .contains("no column nowhere")
    );
}

#[test]
fn fixed_values_are_kept() {
    let rows = population(3_000, 32);
    let mut t = table(&[&csv(&rows)]);
    let mut p = profile(&t);
    let text = r#"
prior = 0.0001
[[comparisons]]
name = "dob"
[[comparisons.levels]]
label = "same"
when = { exact = "dob" }
m = 0.9
u = 0.0001
[[comparisons.levels]]
label = "else"
when = "otherwise"
m = 0.1
u = 0.9999
[[comparisons]]
name = "surname"
[[comparisons]]
name = "forename"
"#;
    let s = Settings::parse(text, true).unwrap();
    let r = s.prepare(&mut t, &mut p).unwrap();
    let o = run(&r, &s.options(Options::default()), None, &mut Unwatched).unwrap();
    assert!((o.model.fields[0].m[1] - 0.9).abs() < 1e-12 && (o.model.fields[0].u[1] - 0.0001).abs() < 1e-12);
    assert!((o.model.prior - 0.0001_f64.log2()).abs() < 1e-9);
}
