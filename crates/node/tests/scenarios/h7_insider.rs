//! H7. The insider.
//!
//! Given that somebody with a post here is the uncle named in a new concern; when it is saved; then it was restricted in
//! the same write, they meet nothing of it at any door in any post, nobody in the hub does, and the tables hold no
//! readable value.

use std::sync::atomic::{AtomicBool, Ordering};

use node::app::duties::Tab;
use node::app::report::{Report, Safe};
use sqlx::Row;

use crate::council::{Council, adult, is_not_found, on_each, report};

const HUB: [&str; 5] = ["hub", "team-manager", "social-worker", "service-manager", "edt"];
const TABS: [Tab; 4] = [Tab::Mine, Tab::Team, Tab::Owed, Tab::Finished];

fn about_marr() -> Report {
    let mut report = report(
        "Zq-marked-words: her uncle was there.",
        Safe::Yes,
        "Zq-marked-child Brand",
    );
    report.mentions.push(adult("Lee Marr", "07700 900417"));
    report
}

async fn with_marr(time: &str) -> Council {
    let mut council = Council::at(time).await;
    marr_joins(&mut council).await;
    council
}

async fn marr_joins(council: &mut Council) {
    council
        .join("marr", "Lee Marr", "07700900417", true, &["social-worker"])
        .await;
}

/// Every duty list of somebody: how many lines, and the counts.
async fn lists(council: &Council, acting: &node::app::Acting) -> Vec<(usize, [u32; 3])> {
    let mut out = Vec::new();
    for tab in TABS {
        let page = council.node.my_duties(acting, tab).await.unwrap();
        out.push((page.lines.len(), page.counts));
    }
    out
}

#[tokio::test]
async fn a_matched_colleague_and_the_hub_meet_nothing_at_any_door() {
    on_each("2026-09-02 10:00", async |mut council| {
        marr_joins(&mut council).await;
        let marr = council.acting_in("marr", "social-worker");
        let before = lists(&council, &marr).await;
        let hub_before = lists(&council, &council.acting("hub")).await;

        let filed = council.raise(1, &about_marr()).await;
        let other = council
            .raise(2, &report("Another.", Safe::Yes, "Ana Brook"))
            .await;

        let unknown = council.node.concern(&marr, "NM-7K4X-29QD").await;
        let refused = council.node.concern(&marr, &filed.reference).await;
        assert_eq!(format!("{unknown:?}"), format!("{refused:?}"));
        for name in HUB {
            assert!(
                !council.knows(&council.acting(name), &filed.reference).await,
                "{name}"
            );
        }
        let custodian = council.page("lado", &filed.reference).await;
        assert!(custodian.may.decide && custodian.may.read);
        assert_eq!(
            custodian.concern.restricted_because.as_deref(),
            Some("matches-directory")
        );
        let record = custodian.entries[0].record;
        assert!(is_not_found(
            council.node.proof(&marr, &filed.reference, record).await
        ));
        assert!(is_not_found(
            council
                .node
                .add_entry(&marr, &filed.reference, "x", "fact", &[])
                .await
        ));
        let told: Vec<_> = custodian
            .concern
            .notices
            .iter()
            .map(|n| n.post.as_str())
            .collect();
        assert!(told.iter().all(|post| *post == "northmere/lado"), "{told:?}");

        // Only the other concern shows: one duty to decide and one to confirm the organisation, in the hub's team.
        let after = lists(&council, &marr).await;
        assert_eq!((before[0].1, after[0].1), ([0, 0, 0], [0, 2, 0]));
        assert_eq!(after[0].0, 0);
        assert_eq!(after[1].0, 2, "{after:?}");
        let hub_after = lists(&council, &council.acting("hub")).await;
        assert_eq!(hub_after[0].0, hub_before[0].0 + 2);
        assert!(council.knows(&council.acting("hub"), &other.reference).await);

        // Reporters are told the same whichever desk has it.
        let one = council.node.receipt(&filed.ticket).await.unwrap().next;
        let two = council.node.receipt(&other.ticket).await.unwrap().next;
        assert_eq!(one.post, two.post);
        council.verifies().await;
    })
    .await;
}

#[tokio::test]
async fn the_exclusion_follows_the_person_even_into_custody_of_it() {
    let council = with_marr("2026-09-02 10:00").await;
    let filed = council.raise(1, &about_marr()).await;
    council.moves("lado-deputy", "marr", "lado-deputy").await;
    let deputy = council.acting_in("marr", "lado-deputy");
    assert!(!council.knows(&deputy, &filed.reference).await);
    let mine = council.node.my_duties(&deputy, Tab::Mine).await.unwrap();
    assert_eq!((mine.lines.len(), mine.counts[0]), (0, 0));
    // Nobody decides in time: it climbs to posts outside, and never to Marr.
    council.live_until("2026-09-05 10:00").await;
    let page = council.page("lado", &filed.reference).await;
    let decide = page.concern.duties.iter().find(|d| d.clock == "C01").unwrap();
    assert!(decide.lapsed.is_some() && !decide.rungs.is_empty());
    let marr = council.people["marr"];
    let told = decide.rungs.iter().filter(|r| r.stepped_over.is_none());
    assert!(told.clone().count() >= 1);
    assert!(
        told.clone().all(|rung| rung.who != Some(marr)),
        "{:#?}",
        decide.rungs
    );
    council.verifies().await;
}

#[tokio::test]
async fn there_is_no_moment_at_which_the_hub_could_find_it() {
    let council = with_marr("2026-09-02 10:00").await;
    let url = format!("sqlite://{}?mode=ro", council.file().display());
    let pool = sqlx::sqlite::SqlitePool::connect(&url).await.unwrap();
    let (done, mut looks) = (AtomicBool::new(false), 0_u32);
    let open = "SELECT COUNT(*) FROM audience WHERE principal NOT IN ('post:northmere/lado', \
                'post:northmere/lado-deputy', 'post:northmere/records', 'warrant:northmere') AND NOT barred";
    let raising = async {
        for seed in 1..=20 {
            council.raise(seed, &about_marr()).await;
        }
        done.store(true, Ordering::SeqCst);
    };
    let looking = async {
        while !done.load(Ordering::SeqCst) {
            let row = sqlx::query(open).fetch_one(&pool).await.unwrap();
            assert_eq!(row.get::<i64, _>(0), 0, "somebody else could find it");
            looks += 1;
        }
    };
    tokio::join!(raising, looking);
    assert!(looks > 1);
    let barred = sqlx::query("SELECT COUNT(*) FROM audience WHERE barred")
        .fetch_one(&pool)
        .await;
    assert_eq!(barred.unwrap().get::<i64, _>(0), 20);
    pool.close().await;
    let marks = [
        "Zq-marked-words",
        "Zq-marked-child",
        "Lee Marr",
        "07700900417",
        "07700 900417",
    ];
    assert_eq!(council.readable(&marks), Vec::<String>::new());
}

#[tokio::test]
async fn it_is_restricted_when_the_reporter_says_so_and_when_a_colleague_is_named_later() {
    let council = with_marr("2026-09-02 10:00").await;
    let mut said = report("A volunteer here.", Safe::Yes, "Ivo Brand");
    said.colleague = true;
    let filed = council.raise(1, &said).await;
    assert!(!council.knows(&council.acting("hub"), &filed.reference).await);
    assert!(council.knows(&council.acting("lado"), &filed.reference).await);

    let later = council
        .raise(2, &report("First words.", Safe::Yes, "Ivo Brand"))
        .await;
    assert!(
        council
            .knows(&council.acting_in("marr", "social-worker"), &later.reference)
            .await
    );
    let named = [adult("Lee Marr", "07700 900417")];
    council
        .node
        .add_entry(
            &council.acting("hub"),
            &later.reference,
            "Her uncle.",
            "reported",
            &named,
        )
        .await
        .unwrap();
    assert!(
        !council
            .knows(&council.acting_in("marr", "social-worker"), &later.reference)
            .await
    );
    assert!(
        !council
            .knows(&council.acting("social-worker"), &later.reference)
            .await
    );
    let page = council.page("lado", &later.reference).await;
    assert_eq!((page.concern.tier, page.may.decide), (3, true));
    council.verifies().await;
}
