//! The same pairs with the same scores, and so the same clusters and reports, as the local engine gives.

use crate::{
    cluster::{Cluster, assert_same, done, finish, local},
    people::{csv, population},
};

#[test]
fn a_cluster_finds_what_one_machine_finds() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    let rows = population(4_000, 17);
    std::fs::write(at("all.csv"), csv(&rows)).unwrap();
    std::fs::write(at("a.csv"), csv(&rows[..2_500])).unwrap();
    std::fs::write(at("b.csv"), csv(&rows[2_500..])).unwrap();
    let (all, a, b) = (at("all.csv"), at("a.csv"), at("b.csv"));
    let cluster = Cluster::start(2);

    // one file, the model learned
    local(&[&all], &at("local"), &[]);
    let said = finish(cluster.run(&[&all], &at("far"), &["--parts", "12"]));
    assert!(
        said.contains("12 parts, 12 of them to do") && !said.contains("lost"),
        "{said}"
    );
    assert_same(&at("far"), &at("local"));
    let pairs = std::fs::read_to_string(at("far").join("edges.csv"))
        .unwrap()
        .lines()
        .count();
    assert!(pairs > 800, "{pairs} pairs");
    assert!(done(&at("far")).is_empty() && !at("far").join("unfinished").exists());

    // two files linked across, and both linked and deduplicated
    for within in [&[][..], &["--within"]] {
        let (near, far) = (
            at(&format!("near{}", within.len())),
            at(&format!("two{}", within.len())),
        );
        local(&[&a, &b], &near, within);
        let more: Vec<&str> = within.iter().copied().chain(["--parts", "5"]).collect();
        finish(cluster.run(&[&a, &b], &far, &more));
        assert_same(&far, &near);
    }

    // another file with a model given, comparisons of conditions, and a shared folder elsewhere
    let settings = at("settings.toml");
    std::fs::write(&settings, SETTINGS).unwrap();
    let settings = ["--settings", settings.to_str().unwrap()];
    local(&[&a], &at("learned"), &settings);
    let model = at("learned").join("model.json");
    let with = [&settings[..], &["--model", model.to_str().unwrap()]].concat();
    local(&[&all], &at("given"), &with);
    let shared = at("shared");
    let far = [&with[..], &["--parts", "3", "--shared", shared.to_str().unwrap()]].concat();
    finish(cluster.run(&[&all], &at("given-far"), &far));
    assert_same(&at("given-far"), &at("given"));
    // similar names, and a cap that bites
    let stats = std::fs::read_to_string(at("given-far").join("stats.json")).unwrap();
    let stats: serde_json::Value = serde_json::from_str(&stats).unwrap();
    let first = &stats["rules"][0];
    assert_eq!(first["rule"], "surname (one edit apart)");
    assert!(
        first["blocks"].as_u64() > Some(50) && first["skipped_blocks"].as_u64() > Some(5),
        "{first}"
    );
    assert_eq!(std::fs::read_dir(&shared).unwrap().count(), 0);
}

/// Conditions, a cap that bites, and a column that only blocking looks at.
const SETTINGS: &str = r#"
[[comparisons]]
name = "forename"
[[comparisons]]
name = "surname"
[[comparisons]]
name = "born"
[[comparisons.levels]]
label = "same day"
when = { exact = "dob" }
[[comparisons.levels]]
label = "rarely so close"
when = { days = { column = "dob", at_most = 40 } }
[[blocking]]
parts = [{ field = "surname", key = "near" }]
largest_block = 30
[[blocking]]
parts = [{ field = "postcode", key = "exact" }]
"#;
