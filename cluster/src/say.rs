//! What long-running processes say on standard error: that they run, and what their libraries warn of.

use log::{LevelFilter, Log, Metadata, Record};
use std::{
    io::Write,
    sync::{Mutex, PoisonError},
};

/// Says one line.
pub fn line(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Holds what was said last: of a machine that is away there is warning many times a second.
#[derive(Default)]
struct Warnings(Mutex<String>);

impl Log for Warnings {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn log(&self, record: &Record<'_>) {
        let level = record.level().as_str().to_lowercase();
        let text = format!("{level}: {}", record.args());
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if *last != text {
            line(&text);
            *last = text;
        }
    }
    fn flush(&self) {}
}

/// From now on warnings and errors of libraries are said. For a process that is nothing else.
pub fn warnings() {
    // fails only if done already
    let _ = log::set_logger(Box::leak(Box::default()) as &Warnings);
    log::set_max_level(LevelFilter::Warn);
}
