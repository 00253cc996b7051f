//! Running one linkage and writing its results.

use crate::{
    LinkArgs, fairness,
    keep::Keep,
    show::{Show, Stage, grouped},
    store::{self, How, Run, Seen},
    truth,
};
use linkage::{
    LinkError, caution,
    cluster::Method,
    compare::Records,
    evaluate::{self, Accuracy, Compared, Truth},
    meter::Meter,
    model::{FieldModel, Model},
    pipeline::{self, Learned, Options, Outcome, Pairs, Phase, Scored, Watch},
    profile::{self, ColumnProfile},
    read, report,
    settings::{ColumnSetting, Settings},
    table::Table,
    write::{self, Format, People},
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// Makes and scores the pairs of a run in place of this process.
pub trait Engine {
    /// Everything that this process would have found, telling `watch` how far it is.
    ///
    /// # Errors
    /// Whatever stands in the way; pairs are never left out silently.
    fn score(&self, pairs: Pairs<'_>, watch: &mut dyn Watch) -> Result<Scored, LinkError>;
}

/// Shows the engine's phases and keeps its steps.
struct Watcher<'a> {
    engine: Option<&'a dyn Engine>,
    show: &'a mut Show,
    meter: &'a Arc<Meter>,
    keep: &'a Keep,
}

impl Watch for Watcher<'_> {
    fn phase(&mut self, phase: Phase, count: u64) -> bool {
        self.show.stage(Stage::Engine(phase), count);
        true
    }
    fn meter(&self) -> Arc<Meter> {
        Arc::clone(self.meter)
    }
    fn learned_before(&mut self) -> Option<Learned> {
        let found = self.keep.learned();
        if found.is_some() {
            self.show
                .say("going on with a run that was stopped: its model is kept");
        }
        found
    }
    fn scored_before(&mut self) -> Option<Scored> {
        let found = self.keep.scored();
        if let Some(s) = &found {
            self.show.say(&format!(
                "{} scored pairs are kept",
                grouped(s.edges.len() as u64)
            ));
        }
        found
    }
    fn elsewhere(&mut self, pairs: Pairs<'_>) -> Option<Result<Scored, LinkError>> {
        self.engine.map(|engine| engine.score(pairs, self))
    }
    fn say(&mut self, text: &str) {
        self.show.say(text);
    }
    fn learned(&mut self, learned: &Learned) -> Result<(), LinkError> {
        self.keep.keep_learned(learned)
    }
    fn scored(&mut self, scored: &Scored) -> Result<(), LinkError> {
        self.keep.keep_scored(scored)
    }
}

const DONE: &str =
    "nothing to do: the folder holds the complete results of this very run (--again repeats it)";

fn use_threads(threads: Option<usize>) {
    if let Some(n) = threads {
        // A pool that already exists stays as it is.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(n).build_global();
    }
}

/// Runs one linkage, its pairs made by `engine` if there is one. `meter` lets somebody else stop it.
///
/// # Errors
/// Everything [`LinkError`] names; nothing is left half-written.
pub fn run(args: &LinkArgs, meter: &Arc<Meter>, engine: Option<&dyn Engine>) -> Result<(), LinkError> {
    use_threads(args.threads);
    let mut show = Show::start(args.quiet, Arc::clone(meter));
    let settings = settings_of(args)?;
    let out = args.out.as_deref().unwrap_or(Path::new("."));
    let given = args.model.as_deref().map(load_model).transpose()?;
    let format = args.format.map_or(Format::Parquet, Into::into);
    let inputs = store::inputs(&args.files)?;
    let how = How::from(&args.reading);
    // labels change what the results say, not what is linked
    let labels = store::inputs(args.labels.as_slice())?;
    let key = store::key(
        (inputs.as_slice(), labels.as_slice()),
        how,
        format,
        &settings,
        given.as_ref(),
    )?;
    std::fs::create_dir_all(out).map_err(store::io(out))?;
    let _lock = store::lock(out)?;
    if !args.again && store::is_done(out, &key) {
        show.end(DONE);
        return Ok(());
    }
    let keep = Keep::open(out, &key)?;
    let options = settings.options(Options::default());
    let mut reading = store::reading(&settings, how);
    reading.meter = Some(Arc::clone(meter));
    let bytes = inputs.iter().map(|i| i.bytes).sum();
    let mut table = read_in(&args.files, &reading, bytes, &mut show)?;
    let label = |l: &store::Input| truth::read(&l.file, &table, settings.id.as_deref());
    let truth = labels.first().map(label).transpose()?;
    let (profiles, records) = prepare(&mut table, &settings, given.as_ref())?;
    odd_values(&profiles).iter().for_each(|s| show.say(s));
    let mut watcher = Watcher {
        engine,
        show: &mut show,
        meter,
        keep: &keep,
    };
    let outcome = pipeline::run(&records, &options, given, &mut watcher)?;
    warn(&show, &records, &outcome);
    let mut run = Run {
        files: inputs,
        how,
        settings: resolve(settings, &profiles, &outcome),
        format,
        key,
        results: Vec::new(),
        seconds: Vec::new(),
    };
    let judged = judge(&run, &table, &records, &outcome, truth.as_ref())?;
    let results = Results {
        out,
        format,
        table: &table,
        records: &records,
        profiles: &profiles,
        outcome: &outcome,
        judged,
        meter,
    };
    show.stage(Stage::Write, 5);
    run.results = results.write()?;
    run.seconds = show.seconds();
    store::remember(out, &run)?;
    keep.forget();
    show.end(&last_words(&outcome, out));
    Ok(())
}

/// What must be known before the result is used.
fn warn(show: &Show, records: &Records, outcome: &Outcome) {
    for text in caution::cautions(records, outcome) {
        show.say(&format!("caution: {text}"));
    }
}

/// Reads the files, saying how far it is.
fn read_in(
    files: &[String],
    reading: &read::ReadOptions,
    bytes: u64,
    show: &mut Show,
) -> Result<Table, LinkError> {
    let begin = |n| reading.meter.iter().for_each(|m| m.begin(n));
    begin(bytes);
    show.stage(Stage::Read, bytes);
    let table = read::read_tables(files, reading)?;
    begin(0);
    show.stage(Stage::Prepare, table.len() as u64);
    table.skipped.sentences().iter().for_each(|s| show.say(s));
    caution::one_sided(&table)?.iter().for_each(|s| show.say(s));
    Ok(table)
}

/// What labels say of an outcome.
fn judge(
    run: &Run,
    table: &Table,
    records: &Records,
    outcome: &Outcome,
    truth: Option<&Truth>,
) -> Result<Option<(Accuracy, Vec<Compared>)>, LinkError> {
    let Some(truth) = truth else { return Ok(None) };
    let seen = Seen {
        files: &run.files,
        how: run.how,
        id: run.settings.id.as_deref(),
        table,
        records,
        threshold: outcome.model.threshold,
    };
    let edges = &outcome.edges;
    let accuracy = evaluate::measure(edges, truth, &table.sources, seen.threshold, &|_| true);
    Ok(Some((
        accuracy,
        fairness::compare(&seen, edges, truth, &[], None)?,
    )))
}

/// Columns with values that are not what the column holds, in sentences.
fn odd_values(profiles: &[ColumnProfile]) -> Vec<String> {
    let sentence = |p: &ColumnProfile| {
        let records = if p.odd == 1 { "record" } else { "records" };
        format!(
            "column {}: {} {records} with a value that cannot be read as {}",
            p.name,
            grouped(p.odd),
            p.kind.words()
        )
    };
    profiles.iter().filter(|p| p.odd > 0).map(sentence).collect()
}

/// Finds out what columns hold, and folds them.
fn prepare(
    table: &mut Table,
    settings: &Settings,
    given: Option<&Model>,
) -> Result<(Vec<ColumnProfile>, Records), LinkError> {
    let mut profiles = profile::profile(table);
    if let Some(m) = given {
        kinds_of_model(m, &mut profiles)?;
    }
    let records = settings.prepare(table, &mut profiles)?;
    Ok((profiles, records))
}

fn last_words(outcome: &Outcome, out: &Path) -> String {
    let clusters = outcome.clusters();
    format!(
        "{} pairs kept, {} clusters; results are in {}",
        grouped(outcome.edges.len() as u64),
        grouped(clusters),
        out.display()
    )
}

struct Results<'a> {
    out: &'a Path,
    format: Format,
    table: &'a Table,
    records: &'a Records,
    profiles: &'a [ColumnProfile],
    outcome: &'a Outcome,
    judged: Option<(Accuracy, Vec<Compared>)>,
    meter: &'a Meter,
}

impl Results<'_> {
    /// Writes every result; their names and lengths.
    fn write(&self) -> Result<Vec<(String, u64)>, LinkError> {
        store::forget(self.out)?;
        self.meter.begin(5);
        let people = People {
            ids: &self.table.ids,
            sources: &self.table.sources,
        };
        let (o, ending) = (self.outcome, self.format.ending());
        let mut done = Vec::new();
        // the page is worked out while pairs are written; it is written in its turn
        let edges = || {
            self.one(&mut done, &format!("edges.{ending}"), |path| {
                write::edges(path, self.format, people, &o.model, &o.edges)
            })
        };
        let (written, (page, stats)) = rayon::join(edges, || {
            let page = report::html(&report::Input {
                records: self.records,
                profiles: self.profiles,
                skipped: &self.table.skipped,
                outcome: o,
                judged: self.judged.as_ref().map(|(a, c)| (a, c.as_slice())),
            });
            (page, self.stats())
        });
        written?;
        self.one(&mut done, &format!("clusters.{ending}"), |path| {
            write::clusters(path, self.format, people, &o.labels)
        })?;
        self.one(&mut done, "model.json", |path| {
            write::text(path, &o.model.to_json()?)
        })?;
        self.one(&mut done, "report.html", |path| write::text(path, &page))?;
        self.one(&mut done, "stats.json", |path| write::text(path, &stats))?;
        // results of an earlier run in the other format would be taken for this one's
        for other in [Format::Csv, Format::Parquet]
            .iter()
            .filter(|f| **f != self.format)
        {
            for name in ["edges", "clusters"] {
                let _ = std::fs::remove_file(self.out.join(format!("{name}.{}", other.ending())));
            }
        }
        Ok(done)
    }

    fn one(
        &self,
        done: &mut Vec<(String, u64)>,
        name: &str,
        write: impl FnOnce(&Path) -> Result<(), LinkError>,
    ) -> Result<(), LinkError> {
        if self.meter.stopped() {
            return Err(LinkError::Stopped);
        }
        let path: PathBuf = self.out.join(name);
        write(&path)?;
        let bytes = std::fs::metadata(&path).map_err(store::io(&path))?.len();
        done.push((name.to_owned(), bytes));
        self.meter.add(1);
        Ok(())
    }

    /// Counts and decisions. No times: the same run gives the same bytes.
    fn stats(&self) -> String {
        let o = self.outcome;
        let mut value = serde_json::json!({
            "tool": "daylight link",
            "records": self.table.len(),
            "sources": self.table.sources.count(),
            "skipped_rows": self.table.skipped.total(),
            "skipped": self.table.skipped,
            "columns": self.profiles,
            "candidate_pairs": o.candidates,
            "kept_pairs": o.edges.len(),
            "expected_matching_pairs": o.matches,
            "clusters": o.clusters(),
            "threshold": o.model.threshold,
            "method": o.method,
            "rules": o.rules,
            "history": o.history,
            "reliability": o.reliability,
            "guard": o.guard,
            "cautions": caution::cautions(self.records, o),
        });
        if let (Some((accuracy, fairness)), Some(all)) = (&self.judged, value.as_object_mut()) {
            all.insert("accuracy".into(), serde_json::json!(accuracy));
            all.insert("fairness".into(), serde_json::json!(fairness));
        }
        serde_json::to_string_pretty(&value).unwrap_or_default()
    }
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
    s.check()?;
    Ok(s)
}

/// A given model decides what its columns are; others are not looked at.
fn kinds_of_model(model: &Model, profiles: &mut [ColumnProfile]) -> Result<(), LinkError> {
    let own = |f: &&FieldModel| f.kind != profile::Kind::Custom;
    for f in model.fields.iter().filter(own) {
        if !profiles.iter().any(|p| p.name == f.name) {
            return Err(LinkError::Model(format!(
                "it was learned from a column {}, which the files do not have",
                f.name
            )));
        }
    }
    for p in profiles {
        p.kind = model
            .fields
            .iter()
            .find(|f| f.name == p.name)
            .map_or(profile::Kind::Unused, |f| f.kind);
    }
    Ok(())
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
    let text = std::fs::read_to_string(path).map_err(store::io(path))?;
    Model::from_json(&text)
}
