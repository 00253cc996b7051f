use linkage::{
    block::KeyKind,
    compare::When,
    profile::Kind,
    settings::{ComparisonSetting, LevelSetting, Settings},
};
use serde_json::Value;

fn page(name: &str) -> String {
    std::fs::read_to_string(format!(
        "{}/../../docs/linkage/{name}",
        env!("CARGO_MANIFEST_DIR")
    ))
    .unwrap()
}

/// The first fenced block with this label.
fn block(name: &str, label: &str) -> String {
    let text = page(name);
    let start = text.find(&format!("```{label}\n")).unwrap() + label.len() + 4;
    text[start..].split("```").next().unwrap().to_owned()
}

fn names(v: &Value) -> Vec<String> {
    let mut out: Vec<String> = v.as_object().unwrap().keys().cloned().collect();
    out.sort();
    out
}

#[test]
fn the_settings_of_the_manual_are_settings() {
    let s = Settings::parse(&block("settings.md", "toml settings"), true).unwrap();
    assert_eq!(s.comparisons.len(), 4);
    assert_eq!(s.columns["aliases"].separator, Some('|'));
    assert_eq!(s.blocking[0].parts[0].key, KeyKind::Sound);
    assert_eq!(s.threshold, Some(0.9));
}

#[test]
fn the_first_file_of_the_manual_is_read_as_it_says() {
    let (t, r) = crate::people::records(&[&block("first.md", "csv people.csv")]);
    assert_eq!(t.len(), 4);
    let kinds: Vec<Kind> = r.fields.iter().map(|f| f.kind).collect();
    assert!(
        kinds.contains(&Kind::Date) && kinds.contains(&Kind::Digits),
        "{kinds:?}"
    );
}

#[test]
fn the_schema_names_exactly_the_settings_there_are() {
    let schema: Value = serde_json::from_str(&page("settings.schema.json")).unwrap();
    let level = LevelSetting {
        label: "l".into(),
        when: When::Otherwise,
        m: Some(0.5),
        u: Some(0.5),
    };
    let s = Settings {
        comparisons: vec![ComparisonSetting {
            name: "c".into(),
            levels: vec![level],
            missing: Some(When::Otherwise),
        }],
        ..Default::default()
    };
    let v = serde_json::to_value(&s).unwrap();
    assert_eq!(names(&v), names(&schema["properties"]));
    let items = &schema["properties"]["comparisons"]["items"]["properties"];
    assert_eq!(names(&v["comparisons"][0]), names(items));
    assert_eq!(
        names(&v["comparisons"][0]["levels"][0]),
        names(&items["levels"]["items"]["properties"])
    );
}

#[test]
fn every_condition_of_the_schema_is_understood() {
    let schema: Value = serde_json::from_str(&page("settings.schema.json")).unwrap();
    for one in schema["$defs"]["when"]["oneOf"].as_array().unwrap() {
        let Some(properties) = one.get("properties") else {
            continue;
        };
        let name = names(properties).remove(0);
        let value = example(&properties[&name]);
        let json = serde_json::json!({ name.clone(): value });
        let parsed: Result<When, _> = serde_json::from_value(json.clone());
        assert!(parsed.is_ok(), "{json}");
    }
}

fn example(shape: &Value) -> Value {
    if shape.get("$ref").is_some() {
        return serde_json::json!("otherwise");
    }
    match shape["type"].as_str().unwrap() {
        "string" => serde_json::json!("c"),
        "integer" => serde_json::json!(1),
        "number" => serde_json::json!(0.5),
        "array" => serde_json::json!(["otherwise"]),
        _ => Value::Object(
            shape["properties"]
                .as_object()
                .unwrap()
                .iter()
                .map(|(k, v)| (k.clone(), example(v)))
                .collect(),
        ),
    }
}

#[test]
fn links_between_pages_lead_somewhere() {
    for name in [
        "README.md",
        "first.md",
        "model.md",
        "settings.md",
        "report.md",
        "splink.md",
        "realtime.md",
        "cluster.md",
    ] {
        let text = page(name);
        for part in text.split("](").skip(1) {
            let target = part.split(')').next().unwrap();
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            let own = if file.is_empty() { name } else { file };
            let path = format!("{}/../../docs/linkage/{own}", env!("CARGO_MANIFEST_DIR"));
            assert!(
                target.starts_with("http") || std::path::Path::new(&path).exists(),
                "{name}: {target}"
            );
            let anchors = |line: &str| {
                line.trim_start_matches(['#', ' '])
                    .to_lowercase()
                    .replace(' ', "-")
                    == heading
            };
            assert!(
                heading.is_empty() || page(own).lines().filter(|l| l.starts_with('#')).any(anchors),
                "{name}: {target}"
            );
        }
    }
}
