//! The store against a few lines of plain code that say what it ought to do.

use std::collections::HashMap;

use domain::id::StreamId;
use domain::time::Instant;
use proptest::prelude::*;

use super::bed::{Maker, NOW, sqlite, verify, with_key};
use crate::store::{Command, Submitted};

/// One command, in few numbers.
#[derive(Clone, Debug)]
struct Ask {
    /// Which of a few streams; begun if it is not there.
    stream: usize,
    /// How many records.
    count: u32,
    /// How far off the length the asker saw is.
    stale: u32,
    /// Half-seconds after the start.
    at: i64,
    /// Which request key, if any.
    key: Option<u8>,
}

fn ask() -> impl Strategy<Value = Ask> {
    let key = proptest::option::weighted(0.4, 0_u8..6);
    let stale = prop_oneof![6 => Just(0_u32), 1 => 1_u32..3];
    (0_usize..4, 1_u32..4, stale, 0_i64..8, key).prop_map(|(stream, count, stale, at, key)| Ask {
        stream,
        count,
        stale,
        at,
        key,
    })
}

#[derive(Default)]
struct Model {
    streams: HashMap<StreamId, (u32, Instant)>,
    latest: Option<Instant>,
    answers: HashMap<Vec<u8>, Vec<u8>>,
    size: u64,
}

impl Model {
    fn submit(&mut self, command: &Command) -> Submitted {
        if let Some(answer) = command
            .idempotency
            .as_ref()
            .and_then(|request| self.answers.get(&request.key))
        {
            return Submitted::Repeated {
                answer: answer.clone(),
            };
        }
        let append = &command.appends[0];
        let at = append.records[0].recorded;
        let known = self.streams.get(&append.stream).copied();
        let length = known.map_or(0, |(length, _)| length);
        if length != append.after {
            return Submitted::Moved {
                stream: append.stream,
                length,
            };
        }
        let earliest = self
            .latest
            .map(|latest| latest.plus_seconds(-1))
            .max(known.map(|(_, last)| last));
        if let Some(earliest) = earliest.filter(|earliest| at < *earliest) {
            return Submitted::TooOld { earliest };
        }
        let count = append.records.len();
        self.streams
            .insert(append.stream, (length + u32::try_from(count).unwrap(), at));
        self.latest = self.latest.max(Some(at));
        if let Some(request) = &command.idempotency {
            self.answers.insert(request.key.clone(), request.answer.clone());
        }
        let first = self.size;
        self.size += count as u64;
        Submitted::Recorded {
            first,
            count: count as u64,
        }
    }
}

/// The command as somebody would send it who last looked at `model`.
fn command(maker: &mut Maker, model: &Model, ask: &Ask) -> Command {
    let stream = StreamId([u8::try_from(ask.stream).unwrap() + 1; 16]);
    let length = model.streams.get(&stream).map_or(0, |(length, _)| *length);
    let after = length.saturating_sub(ask.stale);
    let at = Instant(NOW.0 + ask.at * 500_000);
    let mut command = maker.add(stream, after, ask.count, at);
    if after == 0 {
        command.streams_new.push(super::bed::new_stream(stream));
    }
    match ask.key {
        Some(key) => with_key(command, &[key]),
        None => command,
    }
}

async fn run(groups: Vec<Vec<Ask>>) {
    let bed = sqlite();
    let store = bed.open().await;
    let mut model = Model::default();
    let mut maker = Maker::new(1);
    for group in groups {
        // Everyone in a group looked before any of them wrote, and they share a batch.
        let commands: Vec<Command> = group.iter().map(|ask| command(&mut maker, &model, ask)).collect();
        let waiting: Vec<_> = commands
            .iter()
            .map(|command| {
                let (store, command) = (store.clone(), command.clone());
                tokio::spawn(async move { store.submit(command).await })
            })
            .collect();
        for (command, waiting) in commands.iter().zip(waiting) {
            let outcome = waiting.await.unwrap().unwrap();
            // A first index is of no meaning to whoever recorded nothing; these all record something.
            assert_eq!(outcome, model.submit(command));
        }
        assert_eq!(verify(&store).await, model.size);
    }
    for (key, answer) in &model.answers {
        assert_eq!(store.answer(key).await.unwrap().as_ref(), Some(answer));
    }
    store.close().await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_command_comes_to_what_the_model_says(
        groups in proptest::collection::vec(proptest::collection::vec(ask(), 1..6), 1..8)
    ) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run(groups));
    }
}
