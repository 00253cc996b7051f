//! Running one linkage and writing its results.

use crate::LinkArgs;
use linkage::{
    LinkError,
    cluster::Method,
    model::Model,
    pipeline::{self, Options, Outcome, Phase, Watch},
    prepare, profile, read, write,
};
use std::{io::Write, path::Path, time::Instant};

struct Progress {
    started: Instant,
    quiet: bool,
    phases: Vec<(&'static str, f64)>,
}

impl Progress {
    fn say(&mut self, what: &'static str, detail: &str) {
        let t = self.started.elapsed().as_secs_f64();
        self.phases.push((what, t));
        if !self.quiet {
            let _ = writeln!(std::io::stderr(), "{t:8.2} s  {what} {detail}");
        }
    }
}

impl Watch for Progress {
    fn phase(&mut self, phase: Phase, count: u64) -> bool {
        let (what, unit) = match phase {
            Phase::Plan => ("choosing blocking rules", "records"),
            Phase::Block => ("making candidate pairs", "rules"),
            Phase::Learn => ("learning", "candidate pairs"),
            Phase::Score => ("scoring", "candidate pairs"),
            Phase::Cluster => ("clustering", "pairs kept"),
        };
        self.say(what, &format!("({count} {unit})"));
        true
    }
}

/// Runs `daylight link`.
///
/// # Errors
/// Everything [`LinkError`] names; nothing is left half-written.
pub fn execute(args: &LinkArgs) -> Result<(), LinkError> {
    if let Some(n) = args.threads {
        // A pool that already exists stays as it is.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(n).build_global();
    }
    let mut progress = Progress {
        started: Instant::now(),
        quiet: args.quiet,
        phases: Vec::new(),
    };
    let options = Options {
        seed: args.seed,
        within: args.within,
        threshold: args.threshold,
        method: args.one_to_one.then_some(Method::OneToOne),
        ..Options::default()
    };
    let given = args.model.as_deref().map(load_model).transpose()?;
    progress.say("reading", &args.files.join(", "));
    let reading = read::ReadOptions {
        id: args.id.clone(),
        ignore: args.ignore.clone(),
        skip_bad_rows: args.skip_bad_rows,
        ..Default::default()
    };
    let mut table = read::read_tables(&args.files, &reading)?;
    progress.say("profiling", &format!("({} records)", table.len()));
    let profiles = profile::profile(&table);
    let records = prepare::prepare(&mut table, &profiles)?;
    let outcome = pipeline::run(&records, &options, given, &mut progress)?;
    progress.say("writing", &args.out.display().to_string());
    std::fs::create_dir_all(&args.out).map_err(|source| LinkError::Io {
        path: args.out.display().to_string(),
        source,
    })?;
    let at = |name: &str| args.out.join(name);
    write::edges(&at("edges.csv"), &table, &outcome.model, &outcome.edges)?;
    write::clusters(&at("clusters.csv"), &table, &outcome.labels)?;
    write::text(&at("model.json"), &outcome.model.to_json()?)?;
    progress.say("done", "");
    let stats = stats(&table, &profiles, &outcome, &progress);
    write::text(&at("stats.json"), &stats)
}

fn load_model(path: &Path) -> Result<Model, LinkError> {
    let text = std::fs::read_to_string(path).map_err(|source| LinkError::Io {
        path: path.display().to_string(),
        source,
    })?;
    Model::from_json(&text)
}

fn stats(
    table: &linkage::table::Table,
    profiles: &[profile::ColumnProfile],
    outcome: &Outcome,
    progress: &Progress,
) -> String {
    let clusters = outcome
        .labels
        .iter()
        .enumerate()
        .filter(|(k, l)| *k == **l as usize)
        .count();
    let phases: serde_json::Map<String, serde_json::Value> = progress
        .phases
        .iter()
        .map(|(what, t)| ((*what).to_owned(), (*t).into()))
        .collect();
    let value = serde_json::json!({
        "tool": "daylight link",
        "records": table.len(),
        "skipped_rows": table.skipped,
        "columns": profiles,
        "candidate_pairs": outcome.candidates,
        "kept_pairs": outcome.edges.len(),
        "expected_matching_pairs": outcome.matches,
        "clusters": clusters,
        "threshold": outcome.model.threshold,
        "method": outcome.method,
        "rules": outcome.rules,
        "history": outcome.history,
        "phases_started_s": phases,
    });
    serde_json::to_string_pretty(&value).unwrap_or_default()
}
