//! What a run leaves behind about itself, so that it can be looked at again and is not repeated for nothing.

use crate::args::Reading;
use linkage::{
    LinkError, compare::Records, model::Model, profile, read, score::Edge, settings::Settings, table::Table,
    write,
};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// `run.json`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Run {
    /// Input files.
    pub files: Vec<String>,
    /// Whether malformed rows were left out.
    pub skip_bad_rows: bool,
    /// Settings as they were resolved.
    pub settings: Settings,
    /// Inputs and settings in one number.
    pub fingerprint: String,
}

/// A run opened again.
pub struct Opened {
    /// Identifiers.
    pub table: Table,
    /// Records as the run saw them.
    pub records: Records,
    /// Its model.
    pub model: Model,
    /// What it was asked.
    pub run: Run,
}

fn io(path: &Path) -> impl Fn(std::io::Error) -> LinkError + '_ {
    |source| LinkError::Io {
        path: path.display().to_string(),
        source,
    }
}

fn text(path: &Path) -> Result<String, LinkError> {
    std::fs::read_to_string(path).map_err(io(path))
}

/// Settings named on the command line, or none.
pub fn read_settings(reading: &Reading) -> Result<Settings, LinkError> {
    let mut s = match &reading.settings {
        Some(p) => Settings::parse(
            &text(p)?,
            p.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml")),
        )?,
        None => Settings::default(),
    };
    s.id = reading.id.clone().or(s.id);
    s.ignore.extend(reading.ignore.iter().cloned());
    Ok(s)
}

/// How the readers should read.
pub fn reading(settings: &Settings, skip_bad_rows: bool) -> read::ReadOptions {
    read::ReadOptions {
        id: settings.id.clone(),
        ignore: settings.ignore.clone(),
        skip_bad_rows,
        ..Default::default()
    }
}

/// Identifies inputs (by path, size and time of change), settings and model.
pub fn fingerprint(
    files: &[String],
    settings: &Settings,
    model: Option<&Model>,
) -> Result<String, LinkError> {
    let mut all = serde_json::to_string(settings).unwrap_or_default();
    for f in files {
        let path = PathBuf::from(f);
        let meta = std::fs::metadata(&path).map_err(io(&path))?;
        let changed = meta
            .modified()
            .ok()
            .and_then(|t| t.duration_since(std::time::UNIX_EPOCH).ok());
        all.push_str(&format!("|{f}|{}|{:?}", meta.len(), changed));
    }
    if let Some(m) = model {
        all.push_str(&m.to_json()?);
    }
    Ok(format!("{:016x}", linkage::table::hash_bytes(all.as_bytes())))
}

/// Whether the folder holds the complete results of the same run. `run.json` is written last.
pub fn is_done(out: &Path, fingerprint: &str) -> bool {
    let run: Option<Run> = text(&out.join("run.json"))
        .ok()
        .and_then(|t| serde_json::from_str(&t).ok());
    run.is_some_and(|r| r.fingerprint == fingerprint)
}

/// Takes the mark of completeness away before results are replaced.
pub fn forget(out: &Path) -> Result<(), LinkError> {
    let path = out.join("run.json");
    match std::fs::remove_file(&path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(io(&path)(e)),
        _ => Ok(()),
    }
}

/// Marks the results as complete.
pub fn remember(out: &Path, run: &Run) -> Result<(), LinkError> {
    let json = serde_json::to_string_pretty(run).map_err(|e| LinkError::Model(e.to_string()))?;
    write::text(&out.join("run.json"), &json)
}

/// Opens a finished run with its records.
pub fn open(dir: &Path) -> Result<Opened, LinkError> {
    let run: Run = serde_json::from_str(&text(&dir.join("run.json"))?)
        .map_err(|e| LinkError::Model(format!("run.json: {e}")))?;
    let model = Model::from_json(&text(&dir.join("model.json"))?)?;
    let mut table = read::read_tables(&run.files, &reading(&run.settings, run.skip_bad_rows))?;
    let mut profiles = profile::profile(&table);
    let records = run.settings.prepare(&mut table, &mut profiles)?;
    model.fits(&records)?;
    Ok(Opened {
        table,
        records,
        model,
        run,
    })
}

/// Reads the kept pairs of a run back.
pub fn edges(dir: &Path, opened: &Opened) -> Result<Vec<Edge>, LinkError> {
    let path = dir.join("edges.csv");
    let t = read::read_tables(&[path.display().to_string()], &read::ReadOptions::default())?;
    let column = |name: &str| {
        t.columns
            .iter()
            .find(|c| c.name == name)
            .ok_or_else(|| LinkError::File {
                path: path.display().to_string(),
                problem: format!("no column {name}"),
            })
    };
    let (l, r, w) = (column("id_l")?, column("id_r")?, column("match_weight")?);
    let split = opened.table.split;
    let places = positions(&opened.table);
    let find = |side: usize, text: &str| places.get(&(side, text)).copied();
    let two = split < opened.table.len();
    let mut out = Vec::new();
    for ((a, b), s) in l.codes.iter().zip(&r.codes).zip(&w.codes) {
        let right = usize::from(two && !opened.run.settings.within.unwrap_or(false));
        let pair = find(0, l.values.text(*a)).zip(find(right, r.values.text(*b)));
        let Some((left, right)) = pair else { continue };
        out.push(Edge {
            left,
            right,
            weight: w.values.text(*s).parse().unwrap_or(0.0),
            pattern: 0,
        });
    }
    Ok(out)
}

/// Where each identifier stands, by source.
pub fn positions(table: &Table) -> std::collections::HashMap<(usize, &str), u32> {
    let two = table.split < table.len();
    (0..table.len())
        .map(|k| {
            (
                (usize::from(two && k >= table.split), table.ids.text(k)),
                u32::try_from(k).unwrap_or(u32::MAX),
            )
        })
        .collect()
}
