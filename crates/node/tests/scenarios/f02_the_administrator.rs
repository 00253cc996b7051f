//! F02, F03. The administrator with every right on the database, and the manager with none over the words.
//!
//! Given a node with concerns, signed heads and its keys held apart; when somebody with full rights on the database drops
//! its guards and removes or changes a row, or puts yesterday's file back; then checking the store fails and names the
//! first record that does not hold, in words. And a manager cannot withdraw what was said: a dispute stands beside it.

use std::path::{Path, PathBuf};

use node::app::add::Beside;
use node::app::concern::Said;
use node::app::publish::Published;
use node::app::report::Safe;
use node::app::verify::{Part, Verdict};
use node::app::{AppError, Refusal};
use sqlx::sqlite::SqlitePool;

use crate::council::{Council, on_each, report};

/// What an administrator drops first.
const GUARDS: [&str; 4] = [
    "DROP TRIGGER record_no_update",
    "DROP TRIGGER record_no_delete",
    "DROP TRIGGER checkpoint_no_update",
    "DROP TRIGGER checkpoint_no_delete",
];

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

async fn run(file: &Path, statements: &[&str]) {
    let url = format!("sqlite://{}", file.display());
    let pool = SqlitePool::connect(&url).await.unwrap();
    for statement in statements {
        let statement = sqlx::AssertSqlSafe((*statement).to_owned());
        sqlx::query(statement).execute(&pool).await.unwrap();
    }
    pool.close().await;
}

/// A node as it was closed, in a directory to be copied.
async fn closed() -> (Council, PathBuf) {
    let council = Council::at("2026-09-02 10:00").await;
    for seed in 1..4 {
        council
            .raise(seed, &report("What was said.", Safe::Yes, "Ivo Brand"))
            .await;
    }
    council.until("2026-09-02 10:05").await;
    council.verifies().await;
    let home = council.home.path().to_path_buf();
    council.node.clone().close().await;
    (council, home)
}

/// Copies the node, lets an administrator at it, and says what checking finds.
async fn found(council: &Council, home: &Path, statements: &[&str]) -> (Part, Option<u64>, String) {
    let place = tempfile::tempdir().unwrap();
    copy(home, place.path());
    let statements: Vec<&str> = GUARDS.iter().chain(statements).copied().collect();
    run(&place.path().join("daylight.db"), &statements).await;
    let node = Council::reopened(place.path(), &council.clock).await;
    let verdict = node.verify_store(|_, _, _| {}).await.unwrap();
    node.close().await;
    match verdict {
        Verdict::Fails { part, index, words } => (part, index, words),
        Verdict::Holds { .. } => panic!("nothing was found after {statements:?}"),
    }
}

/// The index of the first record of a kind.
async fn index_of(home: &Path, kind: &str) -> i64 {
    let url = format!("sqlite://{}?mode=ro", home.join("daylight.db").display());
    let pool = SqlitePool::connect(&url).await.unwrap();
    let row = sqlx::query("SELECT MIN(idx) FROM record WHERE kind = ?")
        .bind(kind)
        .fetch_one(&pool)
        .await
        .unwrap();
    pool.close().await;
    sqlx::Row::get(&row, 0)
}

#[tokio::test]
async fn whatever_an_administrator_removes_or_changes_is_named() {
    let (council, home) = closed().await;
    let raised = index_of(&home, "raised").await;
    let paragraph = index_of(&home, "paragraph").await;
    let at = |index: i64| Some(u64::try_from(index).unwrap());
    let find = async |statement: String| found(&council, &home, &[&statement]).await;

    let gone = find(format!("DELETE FROM record WHERE idx = {raised}")).await;
    assert_eq!((gone.0, gone.1), (Part::Log, at(raised)), "{}", gone.2);
    assert!(
        gone.2.contains(&format!("entry {raised} is missing")),
        "{}",
        gone.2
    );

    let spine = find(format!(
        "UPDATE record SET spine = (SELECT spine FROM record WHERE idx = {paragraph}) WHERE idx = {raised}"
    ))
    .await;
    assert_eq!((spine.0, spine.1), (Part::Streams, at(raised)), "{}", spine.2);

    let leaf = find(format!(
        "UPDATE record SET leaf = (SELECT leaf FROM record WHERE idx = {paragraph}) WHERE idx = {raised}"
    ))
    .await;
    assert_eq!((leaf.0, leaf.1), (Part::Log, at(raised)), "{}", leaf.2);

    let time = find(format!(
        "UPDATE record SET recorded = recorded - 1 WHERE idx = {raised}"
    ))
    .await;
    assert_eq!((time.0, time.1), (Part::Streams, at(raised)), "{}", time.2);

    let vault = find(format!(
        "UPDATE vault SET sealed = (SELECT sealed FROM vault WHERE idx = {raised}) WHERE idx = {paragraph}"
    ))
    .await;
    assert_eq!((vault.0, vault.1), (Part::Vault, at(paragraph)), "{}", vault.2);

    let words = find(format!("DELETE FROM vault WHERE idx = {paragraph}")).await;
    assert!(matches!(words.0, Part::Vault | Part::Gone), "{words:?}");
    assert_eq!(words.1, at(paragraph), "{}", words.2);

    let owner = find("UPDATE concern SET owner_post = 'northmere/director'".into()).await;
    assert_eq!(owner.0, Part::Projections, "{}", owner.2);
    assert!(owner.2.contains("`concern`"), "{}", owner.2);
    let audience = find("DELETE FROM audience".into()).await;
    assert_eq!(audience.0, Part::Projections, "{}", audience.2);
    let inserted = find(
        "INSERT INTO audience (principal, stream, barred) \
         SELECT 'post:northmere/police', stream, 0 FROM concern LIMIT 1"
            .into(),
    )
    .await;
    assert!(inserted.2.contains("no record behind it"), "{}", inserted.2);
}

#[tokio::test]
async fn a_shorter_log_is_named_even_when_it_is_yesterdays_own_file() {
    let (council, home) = closed().await;
    let tail = found(
        &council,
        &home,
        &["DELETE FROM record WHERE idx >= (SELECT MAX(idx) FROM record) - 3"],
    )
    .await;
    assert_eq!(tail.0, Part::Log, "{}", tail.2);
    assert!(tail.2.contains("is missing"), "{}", tail.2);

    // Yesterday's file, whole and by itself consistent; the keys and the mark beside them are today's.
    let place = tempfile::tempdir().unwrap();
    copy(&home, place.path());
    let node = Council::reopened(&home, &council.clock).await;
    node.raise(&[9; 32], &report("Today.", Safe::Yes, "Ana Brook"), None)
        .await
        .unwrap();
    node.publish().await.unwrap();
    node.close().await;
    for file in ["daylight.db", "daylight.db-wal", "daylight.db-shm"] {
        let _ = std::fs::remove_file(home.join(file));
        let _ = std::fs::copy(place.path().join(file), home.join(file));
    }
    let node = Council::reopened(&home, &council.clock).await;
    let Verdict::Fails { part, words, .. } = node.verify_store(|_, _, _| {}).await.unwrap() else {
        panic!("yesterday's file was taken for today's");
    };
    assert_eq!(part, Part::Log);
    assert!(words.contains("rolled back"), "{words}");
    // Nothing more is signed; recording goes on.
    assert!(matches!(
        node.publish().await.unwrap(),
        Published::DoesNotExtend { .. }
    ));
    node.raise(&[10; 32], &report("Still heard.", Safe::Yes, "Ana Brook"), None)
        .await
        .unwrap();
    node.close().await;
}

#[tokio::test]
async fn a_manager_cannot_withdraw_and_a_dispute_stands_beside() {
    on_each("2026-09-02 10:00", async |council| {
        let node = &council.node;
        let words = "Nobody came when she asked.";
        let filed = council.raise(1, &report(words, Safe::Yes, "Ivo Brand")).await;
        let manager = council.acting("team-manager");
        let page = council.page("team-manager", &filed.reference).await;
        let spoken = page
            .entries
            .iter()
            .find(|e| e.kind == domain::record::Kind::Paragraph)
            .unwrap();
        let closing = node
            .close_concern(&manager, &filed.reference, page.seen, None, "It is not so.")
            .await;
        assert!(matches!(
            closing,
            Err(AppError::Refused(Refusal::OpenDuties(_) | Refusal::NotDecided))
        ));
        let erasing = node
            .ask_erasure(
                &manager,
                &filed.reference,
                spoken.record,
                "text",
                "unlawfully-held",
            )
            .await;
        assert!(erasing.is_err(), "{erasing:?}");
        node.stand_beside(
            &manager,
            &filed.reference,
            spoken.record,
            Beside::Disputes,
            "I was not told.",
        )
        .await
        .unwrap();
        let page = council.page("hub", &filed.reference).await;
        let texts: Vec<_> = page
            .entries
            .iter()
            .flat_map(|e| &e.said)
            .filter_map(|said| match said {
                Said::Text { text, .. } => Some(text.as_str()),
                _ => None,
            })
            .collect();
        assert!(
            texts.contains(&words) && texts.contains(&"I was not told."),
            "{texts:?}"
        );
        council.verifies().await;
    })
    .await;
}
