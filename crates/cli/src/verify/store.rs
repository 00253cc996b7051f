//! `daylight verify --store DIR`: the five things, with progress, on a node's own store.

use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};
use node::app::verify::Verdict;

use crate::outcome::{Outcome, sentence};
use crate::serve::start;

/// Checks everything a node keeps and names the first record that does not hold.
pub fn check(directory: &Path) -> Outcome {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return Outcome::CannotCheck(format!("There are no threads to run on: {error}.")),
    };
    match runtime.block_on(verdict(directory)) {
        Err(why) => Outcome::CannotCheck(why),
        Ok(Verdict::Holds {
            entries,
            streams,
            erased,
        }) => Outcome::Holds(vec![format!(
            "{entries} entries in {streams} streams: the log, the streams, the vault, the authority of {erased} erased \
             fields and the projections all hold."
        )]),
        Ok(Verdict::Fails { part, index, words }) => {
            let place = index
                .map(|index| format!(" at entry {index} of the log"))
                .unwrap_or_default();
            Outcome::DoesNotMatch(format!("Checking {} fails{place}: {words}.", part.words()))
        }
    }
}

async fn verdict(directory: &Path) -> Result<Verdict, String> {
    if !directory.join("keys").is_dir() {
        return Err(format!(
            "{} holds no node: there are no keys in it.",
            directory.display()
        ));
    }
    let node = start::open(&start::Place::of(directory)).await?;
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}") {
        bar.set_style(style);
    }
    let verdict = node.verify_store(|part, done, of| {
        bar.set_message(part.words());
        bar.set_length(of);
        bar.set_position(done);
    });
    let verdict = verdict.await.map_err(|error| sentence(&error));
    bar.finish_and_clear();
    node.close().await;
    verdict
}
