//! Many writers at once: in one process, in several, with people and machinery in line.

use super::bed::{Maker, NOW, beds, verify};
use super::child::{Orders, SHARED, listen, request, start};
use crate::store::{Line, Submitted};

#[tokio::test]
async fn several_processes_write_with_no_gap_and_no_duplicate() {
    for bed in beds() {
        bed.open().await.close().await;
        let orders = |who| Orders {
            who,
            requests: 40,
            stop: None,
        };
        let mut children = [1, 2, 3].map(|who| start(&bed, &orders(who)));
        for child in &mut children {
            let (tried, acknowledged, _) = listen(child);
            assert_eq!((tried.len(), acknowledged.len()), (40, 40));
            assert!(child.wait().unwrap().success());
        }
        let store = bed.open().await;
        let size = verify(&store).await;
        assert!(size >= 240, "{size}");
        assert_eq!(store.stream(SHARED).await.unwrap().unwrap().length, 120);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_stores_in_one_process_share_a_database() {
    for bed in beds() {
        let stores = [bed.open().await, bed.open().await];
        let mut tasks = tokio::task::JoinSet::new();
        for who in 0..6_u32 {
            let store = stores[who as usize % 2].clone();
            tasks.spawn(async move {
                let mut maker = Maker::new(who);
                for n in 0..20 {
                    let outcome = request(&store, &mut maker, &format!("{who}-{n}")).await.unwrap();
                    assert!(matches!(outcome, Submitted::Recorded { .. }));
                }
            });
        }
        while let Some(done) = tasks.join_next().await {
            done.unwrap();
        }
        verify(&stores[0]).await;
        assert_eq!(stores[1].stream(SHARED).await.unwrap().unwrap().length, 120);
    }
}

#[tokio::test]
async fn people_go_before_tickers_and_tickers_before_imports() {
    for bed in beds() {
        let store = bed.open().await;
        let mut maker = Maker::new(1);
        let mut waiting = Vec::new();
        // On one thread all of these are in line before the writer takes the first.
        for line in [
            Line::Import,
            Line::Ticker,
            Line::People,
            Line::Import,
            Line::People,
        ] {
            let (_, mut command) = maker.begin(1, NOW);
            command.line = line;
            let store = store.clone();
            waiting.push((line, tokio::spawn(async move { store.submit(command).await })));
        }
        let mut order = Vec::new();
        for (line, task) in waiting {
            match task.await.unwrap().unwrap() {
                Submitted::Recorded { first, .. } => order.push((first, line)),
                other => panic!("{other:?}"),
            }
        }
        order.sort_unstable();
        let lines: Vec<Line> = order.into_iter().map(|(_, line)| line).collect();
        assert_eq!(
            lines,
            [
                Line::People,
                Line::People,
                Line::Ticker,
                Line::Import,
                Line::Import
            ]
        );
    }
}

#[tokio::test]
async fn many_commands_and_large_ones_are_all_written() {
    for bed in beds() {
        let store = bed.open().await;
        let mut maker = Maker::new(1);
        let sizes = [1, 255, 256, 257, 1, 3000, 1, 4000];
        let tasks: Vec<_> = sizes
            .map(|count| {
                let (store, (_, command)) = (store.clone(), maker.begin(count, NOW));
                tokio::spawn(async move { store.submit(command).await })
            })
            .into();
        for (count, task) in sizes.into_iter().zip(tasks) {
            let outcome = task.await.unwrap().unwrap();
            assert!(matches!(outcome, Submitted::Recorded { count: done, .. } if done == u64::from(count)));
        }
        assert_eq!(verify(&store).await, u64::from(sizes.iter().sum::<u32>()));
    }
}
