//! Every list and every row read by its owner, on every engine: the same text must mean the same to each.

use domain::id::{DutyId, PostId, StreamId, SubjectId};
use domain::time::Instant;

use super::bed::{NOW, beds};
use crate::store::{Change, Command, Line, OpenError, Options, Place, Store, Table, Val, open};

const A: StreamId = StreamId([1; 16]);
const B: StreamId = StreamId([2; 16]);
const C: StreamId = StreamId([3; 16]);

fn concern(stream: StreamId, reference: &str) -> Change {
    let row = [
        reference.into(),
        Val::from(1_i64),
        "northmere/hub".into(),
        Val::Null,
        NOW.into(),
        NOW.into(),
        "open".into(),
        true.into(),
        Val::from(1_i64),
        Val::Null,
        Val::Null,
        Val::Null,
    ];
    Change::put(Table::Concern, [stream.into()], row)
}

fn duty(
    id: u8,
    stream: StreamId,
    post: &str,
    due: Instant,
    next: Option<Instant>,
    ended: Option<Instant>,
) -> Change {
    let row = [
        stream.into(),
        Val::Null,
        "decide".into(),
        "rule".into(),
        post.into(),
        Val::Null,
        Val::Null,
        NOW.into(),
        due.into(),
        false.into(),
        if ended.is_some() { "ended" } else { "running" }.into(),
        Val::from(0_i64),
        next.into(),
        true.into(),
        Val::Null,
        Val::Null,
        ended.into(),
        Val::Null,
    ];
    Change::put(Table::Duty, [DutyId([id; 16]).into()], row)
}

fn audience(principal: &str, stream: StreamId, barred: bool) -> Change {
    Change::put(
        Table::Audience,
        [principal.into(), stream.into()],
        [barred.into()],
    )
}

fn subject(id: u8, stream: StreamId, terms: &[u8]) -> Vec<Change> {
    let subject = SubjectId([id; 16]);
    let row = [
        stream.into(),
        "child".into(),
        "child-at-risk".into(),
        "open".into(),
    ];
    let mut out = vec![Change::put(Table::Subject, [subject.into()], row)];
    out.extend(terms.iter().map(|term| {
        Change::put(
            Table::Term,
            [Val::from(vec![*term]), stream.into(), subject.into()],
            [],
        )
    }));
    out
}

fn notice(id: &str, next: Option<Instant>) -> Change {
    let row = [
        Val::Null,
        Val::from(0_i64),
        A.into(),
        "northmere/hub".into(),
        Val::Null,
        "email".into(),
        "queued".into(),
        NOW.into(),
        Val::from(0_i64),
        next.into(),
    ];
    Change::put(Table::Notice, [Val::from(id.as_bytes())], row)
}

async fn filled(store: &Store) {
    let mut command = Command::new(Line::Ticker);
    command.changes = vec![
        concern(A, "NM-7K4X-29QD"),
        concern(B, "NM-2222-2222"),
        concern(C, "NM-3333-3333"),
        duty(1, A, "northmere/hub", NOW.plus_minutes(2), Some(NOW), None),
        duty(
            2,
            B,
            "northmere/hub",
            NOW.plus_minutes(1),
            Some(NOW.plus_minutes(1)),
            None,
        ),
        duty(3, C, "northmere/hub", NOW, Some(NOW), None),
        duty(4, A, "northmere/hub", NOW, None, Some(NOW.plus_minutes(-90))),
        duty(5, A, "northmere/edt", NOW, None, None),
        audience("post:northmere/hub", A, false),
        audience("team:northmere/first", B, false),
        audience("post:northmere/hub", C, false),
        audience("person:1", C, true),
        notice("n2", Some(NOW)),
        notice("n1", Some(NOW)),
        notice("n0", None),
    ];
    command.changes.extend(subject(1, A, &[1, 2, 3]));
    command.changes.extend(subject(2, B, &[1, 2, 3, 4]));
    command.changes.extend(subject(3, C, &[1, 2]));
    let row = [
        "slow hash".into(),
        B.into(),
        A.into(),
        false.into(),
        Val::from(0_i64),
        NOW.into(),
    ];
    command
        .changes
        .push(Change::put(Table::WayBack, [Val::from(vec![7_u8])], row));
    store.submit(command).await.unwrap();
}

#[tokio::test]
async fn lists_are_the_same_on_every_engine() {
    for bed in beds() {
        let store = bed.open().await;
        filled(&store).await;
        let post: PostId = "northmere/hub".parse().unwrap();
        let mine = ["post:northmere/hub", "team:northmere/first", "person:1"].map(String::from);

        let due = store.duties_due(NOW, None, 10).await.unwrap();
        assert_eq!(due.iter().map(|d| d.id.0[0]).collect::<Vec<_>>(), [1, 3]);
        let after = store.duties_due(NOW, Some((NOW, due[0].id)), 10).await.unwrap();
        assert_eq!(after, due[1..], "the next page begins where the last ended");
        assert_eq!(store.next_due(NOW).await.unwrap(), Some(NOW.plus_minutes(1)));
        assert_eq!(store.next_due(NOW.plus_minutes(1)).await.unwrap(), None);

        let listed = async |principals: &[String], since: Instant| {
            let posts = [post.clone()];
            let rows = store
                .duties_in_scope(principals, &posts, since, 10)
                .await
                .unwrap();
            rows.iter().map(|d| d.id.0[0]).collect::<Vec<_>>()
        };
        assert_eq!(
            listed(&mine, NOW).await,
            [2, 1],
            "barred from C, and ended ones are old"
        );
        assert_eq!(listed(&mine, NOW.plus_minutes(-120)).await, [4, 2, 1]);
        assert_eq!(listed(&mine[..1], NOW).await, [3, 1]);
        assert!(listed(&[], NOW).await.is_empty());

        assert_eq!(store.concern_by_reference("NM-7K4X-29QD").await.unwrap(), Some(A));
        assert_eq!(store.concern_by_reference("nm-7k4x-29qd").await.unwrap(), None);
        let sharing = async |highest| {
            let subject = SubjectId([1; 16]);
            store
                .concerns_sharing_terms(A, subject, NOW, highest)
                .await
                .unwrap()
        };
        assert_eq!(sharing(1).await, 1, "B has all three terms, C two");
        assert_eq!(sharing(0).await, 0, "B is held under a higher tier");
        assert_eq!(store.terms_of(A, SubjectId([1; 16])).await.unwrap().len(), 3);

        let queued = store.notices_queued("email", 10).await.unwrap();
        assert_eq!(
            queued.iter().map(|n| n.id.as_str()).collect::<Vec<_>>(),
            ["n1", "n2"]
        );
        assert!(store.notices_queued("page", 10).await.unwrap().is_empty());
        assert_eq!(store.way_back(&[7]).await.unwrap().unwrap().len(), 6);
        assert_eq!(store.stamp("concern").await.unwrap(), (0, 0));
        let rows = store.projection_rows().await.unwrap();
        assert_eq!(rows.len(), store.dump_projections().await.unwrap().len());
    }
}

#[tokio::test]
async fn what_witnesses_said_is_kept_once() {
    for bed in beds() {
        let store = bed.open().await;
        assert_eq!(store.cosigned_size().await.unwrap(), None);
        for (size, witness, line, at) in [
            (5, "w1", "first", NOW),
            (5, "w1", "second", NOW),
            (9, "w1", "later", NOW.plus_seconds(9)),
            (9, "w2", "other", NOW.plus_seconds(9)),
        ] {
            store.keep_cosignature(size, witness, line, at).await.unwrap();
        }
        assert_eq!(
            store.cosignatures(5).await.unwrap(),
            [("w1".into(), "first".into(), NOW)]
        );
        assert_eq!(store.cosigned_size().await.unwrap(), Some(9));
        assert_eq!(store.last_cosigned("w1").await.unwrap(), Some(9));
        assert_eq!(store.last_cosigned("w3").await.unwrap(), None);
        let since = store.cosigned_since(4).await.unwrap();
        assert_eq!(since, [("w1".into(), NOW), ("w2".into(), NOW.plus_seconds(9))]);
    }
}

#[tokio::test]
async fn a_bucket_gives_what_it_holds_and_no_more_however_many_ask_at_once() {
    for bed in beds() {
        let store = bed.open().await;
        let key = [7; 32];
        let asks: Vec<_> = (0..8)
            .map(|_| {
                let store = store.clone();
                tokio::spawn(async move { store.take(&key, 3, 1_000_000, NOW).await.unwrap() })
            })
            .collect();
        let mut given = 0;
        for ask in asks {
            given += u32::from(ask.await.unwrap());
        }
        assert_eq!(given, 3);
        assert!(store.take(&key, 3, 1_000_000, NOW.plus_seconds(1)).await.unwrap());
        assert!(!store.take(&key, 3, 1_000_000, NOW.plus_seconds(1)).await.unwrap());
        store.refill(&key).await.unwrap();
        assert!(store.take(&key, 3, 1_000_000, NOW).await.unwrap());
        assert_eq!(store.sweep_desk(NOW.plus_seconds(60)).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn a_server_that_answers_before_the_disk_does_is_refused() {
    for bed in beds() {
        let Place::Postgres { url, schema } = bed.place else {
            continue;
        };
        let place = Place::Postgres {
            url: format!("{url}?options[synchronous_commit]=off"),
            schema,
        };
        match open(place, Options::default()).await {
            Err(OpenError::Unsafe {
                setting,
                found,
                change,
            }) => {
                assert_eq!((setting, found.as_str()), ("synchronous_commit", "off"));
                assert!(change.contains("synchronous_commit = on"));
            }
            Err(other) => panic!("{other}"),
            Ok(_) => panic!("opened"),
        }
    }
    let dir = tempfile::TempDir::new().unwrap();
    let file = dir.path().join("node.db");
    open(Place::Sqlite { file: file.clone() }, Options::default())
        .await
        .unwrap()
        .close()
        .await;
    // A later release's migration: this one must not touch the database.
    let store = open(Place::Sqlite { file: file.clone() }, Options::default())
        .await
        .unwrap();
    store
        .attempt("INSERT INTO migration (number, name, digest) VALUES (9999, 'later', x'00')")
        .await
        .unwrap();
    store.close().await;
    let newer = open(Place::Sqlite { file }, Options::default()).await;
    assert!(matches!(newer, Err(OpenError::Newer { number: 9999 })));
}
