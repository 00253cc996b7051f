//! How far a run is, on standard error: one bar on a terminal, plain lines elsewhere, nothing when asked to be quiet.

use indicatif::{ProgressBar, ProgressStyle};
use linkage::{meter::Meter, pipeline::Phase};
use std::{
    io::{IsTerminal, Write},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

/// The parts of a run, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Reading files; counted in bytes.
    Read,
    /// Profiling and folding columns.
    Prepare,
    /// A phase of the engine.
    Engine(Phase),
    /// Writing results; counted in files.
    Write,
}

impl Stage {
    const ALL: [Self; 8] = [
        Self::Read,
        Self::Prepare,
        Self::Engine(Phase::Plan),
        Self::Engine(Phase::Block),
        Self::Engine(Phase::Learn),
        Self::Engine(Phase::Score),
        Self::Engine(Phase::Cluster),
        Self::Write,
    ];

    /// What is done, what is counted, and the usual share of a run's time in hundredths.
    const fn words(self) -> (&'static str, &'static str, u64) {
        match self {
            Self::Read => ("reading", "bytes", 16),
            Self::Prepare => ("looking at columns", "records", 10),
            Self::Engine(Phase::Plan) => ("choosing blocking rules", "records", 10),
            Self::Engine(Phase::Block) => ("making candidate pairs", "rules", 20),
            Self::Engine(Phase::Learn) => ("learning", "candidate pairs", 12),
            Self::Engine(Phase::Score) => ("scoring", "candidate pairs", 14),
            Self::Engine(Phase::Cluster) => ("clustering", "pairs kept", 8),
            Self::Write => ("writing", "files", 10),
        }
    }

    /// Its place, from 1.
    fn number(self) -> usize {
        Self::ALL.iter().position(|s| *s == self).map_or(1, |k| k + 1)
    }

    /// Hundredths of a usual run that are over when this stage begins.
    fn before(self) -> u64 {
        Self::ALL
            .iter()
            .take(self.number() - 1)
            .map(|s| s.words().2)
            .sum()
    }
}

struct State {
    stage: Option<Stage>,
    started: Instant,
    /// When a line was last written.
    said: Instant,
}

enum Form {
    Nothing,
    Lines,
    Bar(ProgressBar),
}

struct Shared {
    meter: Arc<Meter>,
    state: Mutex<State>,
    form: Form,
    over: AtomicBool,
}

/// A display of one run.
pub struct Show {
    shared: Arc<Shared>,
    watcher: Option<JoinHandle<()>>,
    seconds: Vec<(&'static str, f64)>,
}

/// Between looks at the meter.
const LOOK: Duration = Duration::from_millis(120);
/// Between lines about one long stage.
const LINE: Duration = Duration::from_secs(10);

impl Show {
    /// A display over a meter.
    pub fn start(quiet: bool, meter: Arc<Meter>) -> Self {
        let form = if quiet {
            Form::Nothing
        } else if std::io::stderr().is_terminal() {
            let bar = ProgressBar::new(1000);
            if let Ok(style) = ProgressStyle::with_template("{bar:24} {percent:>3} %  {wide_msg}") {
                bar.set_style(style.progress_chars("━╸ "));
            }
            Form::Bar(bar)
        } else {
            Form::Lines
        };
        let now = Instant::now();
        let shared = Arc::new(Shared {
            meter,
            state: Mutex::new(State {
                stage: None,
                started: now,
                said: now,
            }),
            form,
            over: AtomicBool::new(false),
        });
        let watched = Arc::clone(&shared);
        let watcher = (!quiet).then(|| {
            std::thread::spawn(move || {
                while !watched.over.load(Relaxed) {
                    std::thread::park_timeout(LOOK);
                    watched.look();
                }
            })
        });
        Self {
            shared,
            watcher,
            seconds: Vec::new(),
        }
    }

    /// A stage begins, of so many things (0: unknown).
    pub fn stage(&mut self, stage: Stage, count: u64) {
        let now = {
            let mut state = self.shared.lock();
            state.stage = Some(stage);
            state.said = Instant::now();
            state.started.elapsed().as_secs_f64()
        };
        self.seconds.push((stage.words().0, now));
        let (what, unit, _) = stage.words();
        let count = if count > 0 {
            format!(" ({} {unit})", grouped(count))
        } else {
            String::new()
        };
        if matches!(self.shared.form, Form::Lines) {
            let line = format!("[{}/{}] {what}{count}", stage.number(), Stage::ALL.len());
            let _ = writeln!(std::io::stderr(), "{now:8.1} s  {line}");
        }
    }

    /// Something worth saying that is no stage.
    pub fn say(&self, text: &str) {
        match &self.shared.form {
            Form::Nothing => {}
            Form::Lines => {
                let _ = writeln!(std::io::stderr(), "{text}");
            }
            Form::Bar(bar) => bar.println(text),
        }
    }

    /// Seconds from the start to the beginning of each stage.
    pub fn seconds(&self) -> Vec<(String, f64)> {
        let owned = |(what, s): &(&str, f64)| ((*what).to_owned(), *s);
        self.seconds.iter().map(owned).collect()
    }

    /// The display ends with one line.
    pub fn end(mut self, last: &str) {
        self.stop();
        self.say(last);
    }

    fn stop(&mut self) {
        self.shared.over.store(true, Relaxed);
        if let Some(w) = self.watcher.take() {
            w.thread().unpark();
            let _ = w.join();
        }
        if let Form::Bar(bar) = &self.shared.form {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Show {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn look(&self) {
        let mut state = self.lock();
        let Some(stage) = state.stage else { return };
        let (done, total) = self.meter.read();
        let elapsed = state.started.elapsed();
        let text = sentence(stage, done, total, elapsed);
        match &self.form {
            Form::Bar(bar) => {
                bar.set_position(thousandths(stage, done, total));
                bar.set_message(text);
            }
            Form::Lines if state.said.elapsed() >= LINE => {
                state.said = Instant::now();
                let _ = writeln!(std::io::stderr(), "{:8.1} s  {text}", elapsed.as_secs_f64());
            }
            _ => {}
        }
    }
}

/// How much of a usual run is over, in thousandths.
fn thousandths(stage: Stage, done: u64, total: u64) -> u64 {
    let within = (done.min(total) * 10 * stage.words().2)
        .checked_div(total)
        .unwrap_or(0);
    stage.before() * 10 + within
}

fn sentence(stage: Stage, done: u64, total: u64, elapsed: Duration) -> String {
    let (what, unit, _) = stage.words();
    let mut out = what.to_owned();
    if total > 0 && done > 0 {
        out.push_str(&format!(
            ": {} of {} {unit}",
            grouped(done.min(total)),
            grouped(total)
        ));
    } else if total > 0 {
        out.push_str(&format!(": {} {unit}", grouped(total)));
    }
    let over = thousandths(stage, done, total);
    if over >= 30 && elapsed >= Duration::from_secs(2) {
        let left = elapsed.as_secs() * (1000 - over.min(1000)) / over;
        out.push_str(&format!(", {} left", roughly(left)));
    }
    out
}

/// A time in words no finer than it is known.
fn roughly(seconds: u64) -> String {
    match seconds {
        0..=4 => "a few seconds".to_owned(),
        5..=89 => format!("about {} s", seconds.div_ceil(5) * 5),
        90..=5_399 => format!("about {} min", seconds.div_ceil(60)),
        _ => format!("about {} h", seconds.div_ceil(3_600)),
    }
}

/// A whole number with commas.
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (k, c) in digits.chars().enumerate() {
        if k > 0 && (digits.len() - k).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_share_out_the_whole_of_a_run() {
        assert_eq!(Stage::ALL.iter().map(|s| s.words().2).sum::<u64>(), 100);
        assert_eq!(thousandths(Stage::Read, 0, 0), 0);
        assert_eq!(thousandths(Stage::Write, 5, 5), 1000);
        let mut last = 0;
        for s in Stage::ALL {
            for done in 0..=4 {
                let now = thousandths(s, done, 4);
                assert!(now >= last, "{s:?} goes back");
                last = now;
            }
        }
    }

    #[test]
    fn what_is_said_names_counts_and_time_left() {
        let scoring = Stage::Engine(Phase::Score);
        assert_eq!(
            sentence(scoring, 1_500_000, 3_000_000, Duration::from_secs(30)),
            "scoring: 1,500,000 of 3,000,000 candidate pairs, about 10 s left"
        );
        assert_eq!(
            sentence(scoring, 0, 3_000_000, Duration::from_secs(1)),
            "scoring: 3,000,000 candidate pairs"
        );
        assert_eq!(
            [0, 5, 61, 90, 7_200].map(roughly),
            [
                "a few seconds",
                "about 5 s",
                "about 65 s",
                "about 2 min",
                "about 2 h"
            ]
        );
    }

    #[test]
    fn numbers_are_grouped_by_threes() {
        assert_eq!(
            [0, 999, 1_000, 1_234_567].map(grouped),
            ["0", "999", "1,000", "1,234,567"]
        );
    }
}
