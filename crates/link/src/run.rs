//! Running one linkage and writing its results.

use crate::{
    LinkArgs,
    store::{self, Run},
};
use linkage::{
    LinkError,
    cluster::Method,
    model::Model,
    pipeline::{self, Options, Outcome, Phase, Watch},
    profile::{self, ColumnProfile},
    read, report,
    settings::{ColumnSetting, Settings},
    table::Table,
    write,
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

/// Runs one linkage.
///
/// # Errors
/// Everything [`LinkError`] names; nothing is left half-written.
pub fn run(args: &LinkArgs) -> Result<(), LinkError> {
    if let Some(n) = args.threads {
        // A pool that already exists stays as it is.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(n).build_global();
    }
    let mut progress = Progress {
        started: Instant::now(),
        quiet: args.quiet,
        phases: Vec::new(),
    };
    let settings = settings_of(args)?;
    let out = args.out.as_deref().unwrap_or(Path::new("."));
    let given = args.model.as_deref().map(load_model).transpose()?;
    let fingerprint = store::fingerprint(&args.files, &settings, given.as_ref())?;
    if !args.again && store::is_done(out, &fingerprint) {
        progress.say(
            "nothing to do:",
            "the folder holds the results of this very run (--again to repeat it)",
        );
        return Ok(());
    }
    let options = settings.options(Options::default());
    progress.say("reading", &args.files.join(", "));
    let mut table = read::read_tables(
        &args.files,
        &store::reading(&settings, args.reading.skip_bad_rows),
    )?;
    progress.say("profiling", &format!("({} records)", table.len()));
    let mut profiles = profile::profile(&table);
    if let Some(m) = &given {
        kinds_of_model(m, &mut profiles);
    }
    let records = settings.prepare(&mut table, &mut profiles)?;
    let outcome = pipeline::run(&records, &options, given, &mut progress)?;
    progress.say("writing", &out.display().to_string());
    std::fs::create_dir_all(out).map_err(|source| LinkError::Io {
        path: out.display().to_string(),
        source,
    })?;
    store::forget(out)?;
    let at = |name: &str| out.join(name);
    write::edges(&at("edges.csv"), &table, &outcome.model, &outcome.edges)?;
    write::clusters(&at("clusters.csv"), &table, &outcome.labels)?;
    let page = report::html(&report::Input {
        records: &records,
        profiles: &profiles,
        outcome: &outcome,
        accuracy: None,
    });
    write::text(&at("report.html"), &page)?;
    write::text(&at("model.json"), &outcome.model.to_json()?)?;
    progress.say("done", "");
    write::text(&at("stats.json"), &stats(&table, &profiles, &outcome, &progress))?;
    let resolved = resolve(settings, &profiles, &outcome);
    store::remember(
        out,
        &Run {
            files: args.files.clone(),
            skip_bad_rows: args.reading.skip_bad_rows,
            settings: resolved,
            fingerprint,
        },
    )
}

/// Settings from the file, overridden by the command line.
fn settings_of(args: &LinkArgs) -> Result<Settings, LinkError> {
    let mut s = store::read_settings(&args.reading)?;
    s.seed = args.seed.or(s.seed);
    s.threshold = args.threshold.or(s.threshold);
    if args.within {
        s.within = Some(true);
    }
    if args.one_to_one {
        s.method = Some(Method::OneToOne);
    }
    Ok(s)
}

/// A given model decides what its columns are; others are not looked at.
fn kinds_of_model(model: &Model, profiles: &mut [ColumnProfile]) {
    for p in profiles {
        p.kind = model
            .fields
            .iter()
            .find(|f| f.name == p.name)
            .map_or(profile::Kind::Unused, |f| f.kind);
    }
}

/// What was decided, so that later commands see the records exactly as this run did.
fn resolve(mut settings: Settings, profiles: &[ColumnProfile], outcome: &Outcome) -> Settings {
    for p in profiles {
        settings.columns.insert(
            p.name.clone(),
            ColumnSetting {
                kind: p.kind,
                separator: p.separator,
            },
        );
    }
    settings.blocking.clone_from(&outcome.model.rules);
    settings.threshold = Some(outcome.model.threshold);
    settings.method = Some(outcome.method);
    settings
}

fn load_model(path: &Path) -> Result<Model, LinkError> {
    let text = std::fs::read_to_string(path).map_err(|source| LinkError::Io {
        path: path.display().to_string(),
        source,
    })?;
    Model::from_json(&text)
}

fn stats(table: &Table, profiles: &[ColumnProfile], outcome: &Outcome, progress: &Progress) -> String {
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
