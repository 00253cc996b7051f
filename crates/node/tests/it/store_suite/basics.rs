//! What a command comes to, one outcome at a time.

use domain::id::StreamId;

use super::bed::{Maker, NOW, beds, recorded, verify, with_key};
use crate::store::{Change, Command, Expect, Line, Rekey, Reseal, StoreError, Submitted, Table, Val};

#[tokio::test]
async fn what_is_recorded_can_be_read_back() {
    for bed in beds() {
        let store = bed.open().await;
        let mut maker = Maker::new(1);
        let (stream, command) = maker.begin(3, NOW);
        let sent = command.appends[0].records.clone();
        assert_eq!(recorded(store.submit(command).await.unwrap()), (0, 3));
        let read = store.records(stream, 1).await.unwrap();
        assert_eq!(read.iter().map(|r| r.sequence).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(
            (&read[0].leaf, read[0].id, read[0].recorded),
            (&sent[1].leaf, sent[1].id, NOW)
        );
        assert_eq!(store.record(sent[0].id).await.unwrap().unwrap().idx, 0);
        let sealed = store.sealed_of_stream(stream).await.unwrap();
        assert_eq!(sealed, [(0, b"sealed".to_vec()), (2, b"sealed".to_vec())]);
        assert_eq!(verify(&store).await, 3);
        store.close().await;
        assert_eq!(verify(&bed.open().await).await, 3, "and after opening again");
    }
}

#[tokio::test]
async fn a_command_that_saw_an_older_stream_writes_nothing() {
    for bed in beds() {
        let store = bed.open().await;
        let mut maker = Maker::new(1);
        let (stream, command) = maker.begin(2, NOW);
        store.submit(command).await.unwrap();
        let mut stale = maker.add(stream, 1, 1, NOW);
        stale
            .changes
            .push(Change::put(Table::Cursor, [Val::from("c")], [Val::from(1_i64)]));
        assert_eq!(
            store.submit(stale).await.unwrap(),
            Submitted::Moved { stream, length: 2 }
        );
        let nowhere = StreamId([9; 16]);
        let outcome = store.submit(maker.add(nowhere, 4, 1, NOW)).await.unwrap();
        assert_eq!(
            outcome,
            Submitted::Moved {
                stream: nowhere,
                length: 0
            }
        );
        assert_eq!(store.row(Table::Cursor, &[Val::from("c")]).await.unwrap(), None);
        assert_eq!(verify(&store).await, 2);
    }
}

#[tokio::test]
async fn a_repeated_request_is_answered_and_not_carried_out() {
    for bed in beds() {
        let store = bed.open().await;
        let mut maker = Maker::new(1);
        let (_, command) = maker.begin(2, NOW);
        let command = with_key(command, b"k1");
        assert_eq!(recorded(store.submit(command.clone()).await.unwrap()), (0, 2));
        let answer = b"answer to k1".to_vec();
        assert_eq!(
            store.submit(command).await.unwrap(),
            Submitted::Repeated {
                answer: answer.clone()
            }
        );
        assert_eq!(store.answer(b"k1").await.unwrap(), Some(answer));
        assert_eq!(store.answer(b"k2").await.unwrap(), None);

        // twice at once: one is carried out, whether or not they share a batch
        let (_, twice) = maker.begin(1, NOW);
        let twice = with_key(twice, b"k2");
        let (a, b) = tokio::join!(store.submit(twice.clone()), store.submit(twice));
        let carried_out = [a, b]
            .into_iter()
            .filter(|o| matches!(o, Ok(Submitted::Recorded { .. })))
            .count();
        assert_eq!(carried_out, 1);
        assert_eq!(verify(&store).await, 3);
    }
}

#[tokio::test]
async fn recorded_time_does_not_go_back() {
    for bed in beds() {
        let store = bed.open().await;
        let mut maker = Maker::new(1);
        let (stream, command) = maker.begin(1, NOW);
        store.submit(command).await.unwrap();
        let within = store
            .submit(maker.add(stream, 1, 1, NOW.plus_seconds(-1)))
            .await
            .unwrap();
        assert_eq!(
            within,
            Submitted::TooOld { earliest: NOW },
            "not at all within a stream"
        );
        let (_, across) = maker.begin(1, NOW.plus_seconds(-1));
        assert_eq!(
            recorded(store.submit(across).await.unwrap()),
            (1, 1),
            "a second across the log"
        );
        let (_, across) = maker.begin(1, NOW.plus_seconds(-2));
        let outcome = store.submit(across).await.unwrap();
        assert_eq!(
            outcome,
            Submitted::TooOld {
                earliest: NOW.plus_seconds(-1)
            }
        );
        assert_eq!(verify(&store).await, 2);
    }
}

#[tokio::test]
async fn a_row_can_be_used_once() {
    for bed in beds() {
        let store = bed.open().await;
        let key = vec![Val::from(&b"token"[..])];
        let unused = vec![
            Val::from(&[1_u8; 16][..]),
            Val::from(NOW),
            Val::from(NOW),
            Val::Null,
        ];
        let mut used = unused.clone();
        used[3] = Val::from(NOW);
        let mut invite = Command::new(Line::People);
        invite
            .changes
            .push(Change::put(Table::Invitation, key.clone(), unused.clone()));
        store.submit(invite).await.unwrap();
        let mut accept = Command::new(Line::People);
        accept
            .changes
            .push(Change::put(Table::Invitation, key.clone(), used.clone()));
        accept.expects.push(Expect {
            table: Table::Invitation,
            key: key.clone(),
            row: Some(unused),
        });
        let (a, b) = tokio::join!(store.submit(accept.clone()), store.submit(accept));
        let mut outcomes = [a.unwrap(), b.unwrap()];
        outcomes.sort_by_key(|o| matches!(o, Submitted::Changed { .. }));
        assert!(matches!(outcomes[0], Submitted::Recorded { count: 0, .. }));
        assert_eq!(
            outcomes[1],
            Submitted::Changed {
                table: Table::Invitation
            }
        );
        assert_eq!(store.row(Table::Invitation, &key).await.unwrap(), Some(used));
    }
}

fn concern(stream: u8, reference: &str) -> Change {
    let row = [
        Val::from(reference),
        Val::from(1_i64),
        Val::from("northmere/hub"),
        Val::Null,
        Val::from(NOW),
        Val::from(NOW),
        Val::from("open"),
        Val::from(false),
        Val::from(1_i64),
        Val::Null,
        Val::Null,
        Val::Null,
    ];
    Change::put(Table::Concern, [Val::from([stream; 16])], row)
}

#[tokio::test]
async fn one_bad_command_spoils_nobody_elses() {
    for bed in beds() {
        let store = bed.open().await;
        let mut maker = Maker::new(1);
        let (_, mut first) = maker.begin(1, NOW);
        first.changes.push(concern(1, "NM-7K4X-29QD"));
        store.submit(first).await.unwrap();
        let (_, mut bad) = maker.begin(1, NOW);
        bad.changes.push(concern(2, "NM-7K4X-29QD"));
        let (_, good) = maker.begin(1, NOW);
        let (bad, good, other) = tokio::join!(
            store.submit(bad),
            store.submit(good),
            store.submit(maker.begin(1, NOW).1)
        );
        assert!(matches!(bad, Err(StoreError::Refused(_))), "{bad:?}");
        assert!(matches!(good, Ok(Submitted::Recorded { count: 1, .. })));
        assert!(matches!(other, Ok(Submitted::Recorded { count: 1, .. })));
        assert_eq!(verify(&store).await, 3);
    }
}

#[tokio::test]
async fn the_database_itself_refuses_to_change_what_was_recorded() {
    for bed in beds() {
        let store = bed.open().await;
        let mut maker = Maker::new(1);
        store.submit(maker.begin(3, NOW).1).await.unwrap();
        let checkpoint = crate::store::read::log::StoredCheckpoint {
            size: 3,
            at: NOW,
            note: b"note".to_vec(),
        };
        store.keep_checkpoint(&checkpoint).await.unwrap();
        for attempt in [
            "UPDATE record SET leaf = leaf WHERE idx = 1",
            "DELETE FROM record WHERE idx = 2",
            "UPDATE checkpoint SET note = note",
            "DELETE FROM checkpoint",
        ] {
            let error = store.attempt(attempt).await.unwrap_err();
            assert!(error.to_string().contains("refused"), "{attempt}: {error}");
        }
        assert_eq!(store.latest_checkpoint().await.unwrap(), Some(checkpoint));
        assert_eq!(verify(&store).await, 3);
    }
}

#[tokio::test]
async fn keys_and_contents_are_replaced_under_the_same_lock() {
    for bed in beds() {
        let store = bed.open().await;
        let mut maker = Maker::new(1);
        let (stream, command) = maker.begin(3, NOW);
        store.submit(command).await.unwrap();
        let rekey = |was: &[u8], new: &[u8]| Rekey {
            stream,
            was: was.to_vec(),
            wrapped_key: new.to_vec(),
            epoch: 2,
        };
        let mut erase = maker.add(stream, 3, 1, NOW);
        erase.rekeys.push(rekey(b"wrapped", b"wrapped anew"));
        erase.reseals.push(Reseal {
            idx: 0,
            sealed: Some(b"resealed".to_vec()),
        });
        erase.reseals.push(Reseal { idx: 2, sealed: None });
        assert_eq!(recorded(store.submit(erase).await.unwrap()), (3, 1));
        let row = store.stream(stream).await.unwrap().unwrap();
        assert_eq!((row.wrapped_key.as_slice(), row.epoch), (&b"wrapped anew"[..], 2));
        let sealed = store.sealed_of_stream(stream).await.unwrap();
        assert_eq!(sealed, [(0, b"resealed".to_vec()), (3, b"sealed".to_vec())]);
        assert!(store.streams_before_epoch(2, 10).await.unwrap().is_empty());
        let mut late = Command::new(Line::Ticker);
        late.rekeys.push(rekey(b"wrapped", b"too late"));
        assert_eq!(
            store.submit(late).await.unwrap(),
            Submitted::Moved { stream, length: 4 }
        );
        assert_eq!(verify(&store).await, 4);
    }
}

#[tokio::test]
async fn commands_that_contradict_themselves_never_reach_the_line() {
    let bed = super::bed::sqlite();
    let store = bed.open().await;
    let mut maker = Maker::new(1);
    let (stream, good) = maker.begin(2, NOW);
    let spoil = |how: &dyn Fn(&mut Command)| {
        let mut bad = good.clone();
        how(&mut bad);
        bad
    };
    for bad in [
        spoil(&|c| c.appends[0].records[1].sequence = 3),
        spoil(&|c| c.appends[0].records[1].leaf.push(0)),
        spoil(&|c| c.appends[0].records[1].recorded = NOW.plus_seconds(-1)),
        spoil(&|c| c.appends[0].records.clear()),
        spoil(&|c| c.appends.clear()),
        spoil(&|c| c.streams_new.clear()),
        spoil(&|c| c.streams_new[0].tier = 5),
        spoil(&|c| c.appends.push(c.appends[0].clone())),
        spoil(&|c| c.changes.push(Change::put(Table::Cursor, [Val::Null], []))),
    ] {
        assert!(matches!(store.submit(bad).await, Err(StoreError::Malformed(_))));
    }
    assert_eq!(store.stream(stream).await.unwrap(), None);
    assert_eq!(verify(&store).await, 0);
    store.clone().close().await;
    assert_eq!(store.submit(good).await, Err(StoreError::Stopped));
}
