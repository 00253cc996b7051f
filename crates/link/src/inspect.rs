//! Commands that look at a run or at a file.

use crate::{
    args::Reading,
    fairness,
    store::{self, How, Lookup},
    truth,
};
use linkage::{
    LinkError, block, compare::Scratch, diagnose, evaluate, model::probability, pipeline::Options, profile,
    read, report, write,
};
use std::{fmt::Write, path::Path};

/// Why two records have their score, as a table with bars.
pub fn explain(a: &str, b: &str, run: &Path, json: bool) -> Result<String, LinkError> {
    let o = store::open(run)?;
    let people = Lookup::new(&o.table);
    let absent = || LinkError::Settings("there is no record with one of these identifiers".into());
    let (source, x) = people.named(a, None).ok_or_else(absent)?;
    let other = o.table.sources.across().then_some(source);
    let (_, y) = people.named(b, other).ok_or_else(absent)?;
    let pattern = o
        .records
        .pattern(x, y, &mut Scratch::new(o.records.fields.len(), 8));
    let e = o.model.scorer().explain(&o.model, pattern);
    if json {
        return serde_json::to_string_pretty(&e).map_err(|e| LinkError::Model(e.to_string()));
    }
    let mut out = String::new();
    let mut sum = 0.0;
    let _ = writeln!(out, "{:32} {:34} {:>8} {:>8}", "part", "level", "bits", "sum");
    for p in &e.parts {
        sum += p.bits;
        let _ = writeln!(
            out,
            "{:32} {:34} {:>8.2} {:>8.2}  {}",
            p.what,
            p.level,
            p.bits,
            sum,
            bar(p.bits)
        );
    }
    let _ = writeln!(out, "score {:.2} bits, probability {:.4}", e.score, e.probability);
    Ok(out)
}

fn bar(bits: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most thirty"
    )]
    let n = bits.abs().min(30.0).round() as usize;
    (if bits < 0.0 { "-" } else { "+" }).repeat(n)
}

/// Text from a file, for a terminal: nothing in it may move the cursor or turn the direction of writing.
pub fn shown(text: &str) -> String {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    text.chars()
        .map(|c| if hidden(c) { '\u{fffd}' } else { c })
        .collect()
}

/// Accuracy of a run against labels.
pub fn evaluation(
    run: &Path,
    labels: &str,
    by: &[String],
    today: Option<&str>,
    (json, html): (bool, Option<&Path>),
) -> Result<String, LinkError> {
    let today = today.map(fairness::reference).transpose()?;
    let o = store::open(run)?;
    let edges = store::edges(run, &o)?;
    let truth = truth::read(labels, &o.table, o.run.settings.id.as_deref())?;
    let a = evaluate::measure(&edges, &truth, &o.table.sources, o.model.threshold, &|_| true);
    let compared = fairness::compare(&o.seen(), &edges, &truth, by, today)?;
    if let Some(path) = html {
        write::text(path, &report::evaluation(&a, &compared))?;
    }
    if json {
        let value = serde_json::json!({ "accuracy": a, "fairness": compared });
        return serde_json::to_string_pretty(&value).map_err(|e| LinkError::Model(e.to_string()));
    }
    let mut out = String::new();
    let _ = writeln!(
        out,
        "true pairs {}, kept pairs with known truth {}",
        a.true_pairs, a.judged
    );
    let _ = writeln!(
        out,
        "{:24} {:>10} {:>10} {:>10} {:>10}",
        "", "precision", "recall", "F1", "bits"
    );
    for (name, p) in [("best F1", a.best), ("at the run's threshold", a.at_threshold)] {
        if let Some(p) = p {
            let _ = writeln!(
                out,
                "{name:24} {:>10.4} {:>10.4} {:>10.4} {:>10.2}",
                p.precision, p.recall, p.f1, p.score
            );
        }
    }
    let _ = writeln!(
        out,
        "recall at 99 % precision {:.4}, at 99.9 % {:.4}",
        a.recall_at_p99, a.recall_at_p999
    );
    let _ = writeln!(out, "calibration error {:.4}", a.calibration_error);
    out.push_str(&fairness::words(&compared));
    Ok(out)
}

/// Records whose score against an identical record is too low to be linked.
pub fn unlinkables(run: &Path) -> Result<String, LinkError> {
    let o = store::open(run)?;
    let u = diagnose::unlinkables(&o.records, &o.model);
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{:>8} {:>12} {:>16} {:>8}",
        "bits", "probability", "records below", "share"
    );
    for p in &u {
        let _ = writeln!(
            out,
            "{:>8.1} {:>12.4} {:>16} {:>7.2}%",
            p.score,
            probability(p.score),
            p.records,
            p.share * 100.0
        );
    }
    Ok(out)
}

/// What each column holds.
pub fn columns(files: &[String], reading: &Reading) -> Result<String, LinkError> {
    let settings = store::read_settings(reading)?;
    let t = read::read_tables(files, &store::reading(&settings, How::from(reading)))?;
    let mut profiles = profile::profile(&t);
    settings.correct(&mut profiles)?;
    profile::count_odd(&t, &mut profiles);
    let mut out = String::new();
    let _ = writeln!(out, "{} records", t.len());
    let _ = writeln!(
        out,
        "{:24} {:14} {:>10} {:>9} {:>9}  note",
        "column", "kind", "distinct", "missing", "top"
    );
    for p in profiles {
        let kind = serde_json::to_value(p.kind)
            .ok()
            .and_then(|v| v.as_str().map(str::to_owned))
            .unwrap_or_default();
        let note = p
            .note
            .or(p.separator.map(|c| format!("several values separated by {c}")))
            .unwrap_or_default();
        let note = if p.odd > 0 {
            format!("{note} {} records cannot be read as {}", p.odd, p.kind.words())
        } else {
            note
        };
        let _ = writeln!(
            out,
            "{:24} {kind:14} {:>10} {:>8.1}% {:>8.2}%  {note}",
            p.name,
            p.distinct,
            p.missing * 100.0,
            p.top_share * 100.0
        );
    }
    Ok(out)
}

/// Rules and what they would make.
pub fn blocking(files: &[String], reading: &Reading) -> Result<String, LinkError> {
    let settings = store::read_settings(reading)?;
    let mut t = read::read_tables(files, &store::reading(&settings, How::from(reading)))?;
    let mut profiles = profile::profile(&t);
    let records = settings.prepare(&mut t, &mut profiles)?;
    let options = settings.options(Options::default());
    let rules = if options.rules.is_empty() {
        block::plan(&records, options.seed)
    } else {
        options.rules.clone()
    };
    let reports = block::count(&records, &rules)?;
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{:>14} {:>10} {:>9} {:>9} {:>14}  rule",
        "pairs", "blocks", "largest", "skipped", "skipped pairs"
    );
    for r in &reports {
        let _ = writeln!(
            out,
            "{:>14} {:>10} {:>9} {:>9} {:>14}  {}",
            r.pairs, r.blocks, r.largest, r.skipped_blocks, r.skipped_pairs, r.rule
        );
    }
    let total: u64 = reports.iter().map(|r| r.pairs).sum();
    let _ = writeln!(
        out,
        "{total:>14} before pairs that several rules make are merged; the aim is about {}",
        block::budget(records.len)
    );
    Ok(out)
}

/// Sizes, density and bridges of clusters.
pub fn clusters(run: &Path, show: usize) -> Result<String, LinkError> {
    let o = store::open(run)?;
    let edges = store::edges(run, &o)?;
    let method = o.run.settings.method.unwrap_or_default();
    let labels = linkage::cluster::cluster(&o.table.sources, &edges, method, o.model.threshold);
    let d = diagnose::clusters(&labels, &edges, o.model.threshold);
    let mut out = String::new();
    let _ = writeln!(out, "{:>8} {:>10}", "size", "clusters");
    for (size, n) in &d.sizes {
        let _ = writeln!(out, "{size:>8} {n:>10}");
    }
    let _ = writeln!(
        out,
        "most doubtful first:\n{:24} {:>6} {:>9} {:>9} {:>12}",
        "cluster", "size", "density", "bridges", "weakest"
    );
    for c in d.doubtful.iter().take(show) {
        let _ = writeln!(
            out,
            "{:24} {:>6} {:>9.3} {:>9} {:>12.4}",
            shown(o.table.ids.text(c.label as usize)),
            c.size,
            c.density,
            c.bridges,
            c.weakest
        );
    }
    Ok(out)
}
