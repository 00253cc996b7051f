//! Processes that go away in the middle.

use crate::{
    cluster::{Cluster, assert_same, done, finish, free, local, run, until},
    people::{csv, population},
};

#[test]
fn an_executor_killed_in_the_middle_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    std::fs::write(at("p.csv"), csv(&population(4_000, 23))).unwrap();
    local(&[&at("p.csv")], &at("local"), &[]);
    let mut cluster = Cluster::start(2);
    let far = at("far");
    let going = cluster.run(&[&at("p.csv")], &far, &["--parts", "40", "--deadline", "150"]);
    until("a few parts are done", || done(&far).len() >= 3);
    cluster.executors.remove(0).kill();
    let before = done(&far).len();
    assert!(before < 40, "killed too late to matter");
    let said = finish(going);
    assert_same(&far, &at("local"));
    assert!(said.contains("40 parts, 40 of them to do"), "{said}");
    // the engine found out by itself that an executor was gone: nothing waited for its deadline
    assert!(!said.contains("no answer within"), "{said}");
}

#[test]
fn a_run_killed_in_the_middle_is_gone_on_with() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    std::fs::write(at("p.csv"), csv(&population(3_000, 29))).unwrap();
    local(&[&at("p.csv")], &at("local"), &[]);
    let cluster = Cluster::start(1);
    let far = at("far");
    let going = cluster.run(&[&at("p.csv")], &far, &["--parts", "30"]);
    until("a few parts are done", || done(&far).len() >= 4);
    going.kill();
    let kept = done(&far).len();
    assert!((4..30).contains(&kept), "{kept} parts kept");
    let said = finish(cluster.run(&[&at("p.csv")], &far, &["--parts", "30"]));
    assert!(
        said.contains(&format!("30 parts, {} of them to do", 30 - kept)),
        "{said}"
    );
    assert_same(&far, &at("local"));
}

#[test]
fn without_a_scheduler_or_an_executor_it_is_said_what_is_missing() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    std::fs::write(at("p.csv"), csv(&population(800, 31))).unwrap();
    let nobody = run(&free(), &[&at("p.csv")], &at("none"), &[]).end();
    let said = String::from_utf8(nobody.stderr).unwrap();
    assert!(
        !nobody.status.success() && said.contains("no scheduler answers there"),
        "{said}"
    );
    assert!(!at("none").exists());

    let idle = Cluster::start(0);
    let quick = ["--deadline", "2", "--attempts", "2", "--parts", "2"];
    let alone = idle.run(&[&at("p.csv")], &at("alone"), &quick).end();
    let said = String::from_utf8(alone.stderr).unwrap();
    assert!(!alone.status.success(), "{said}");
    assert!(
        said.contains("was lost and is handed out again: no answer within 2 seconds"),
        "{said}"
    );
    assert!(
        said.contains("lost 2 times") && said.contains("is there an executor"),
        "{said}"
    );
    assert!(!at("alone").join("edges.csv").exists());
}
