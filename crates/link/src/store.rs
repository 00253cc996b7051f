//! What a run leaves behind about itself, so that it can be looked at again and is not repeated for nothing.

use crate::{args::Reading, keep::digest};
use linkage::{
    LinkError,
    compare::Records,
    model::Model,
    profile, read,
    score::Edge,
    settings::Settings,
    table::{Column, Table},
    write::{self, Format},
};
use serde::{Deserialize, Serialize};
use std::{collections::HashMap, path::Path};

/// One input file as a run saw it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// Where it lies.
    pub file: String,
    /// Its length.
    pub bytes: u64,
    /// Digest of its contents.
    pub digest: String,
}

/// What the person chose about reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct How {
    /// Whether malformed rows were left out.
    pub skip_bad_rows: bool,
    /// How text files are encoded.
    pub encoding: read::Encoding,
}

impl From<&Reading> for How {
    fn from(r: &Reading) -> Self {
        Self {
            skip_bad_rows: r.skip_bad_rows,
            encoding: r.encoding.map_or_else(Default::default, Into::into),
        }
    }
}

/// `run.json`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Run {
    /// Input files.
    pub files: Vec<Input>,
    /// How they were read.
    pub how: How,
    /// Settings as they were resolved.
    pub settings: Settings,
    /// How tables were written.
    pub format: Format,
    /// Inputs, settings, model and program in one number.
    pub key: String,
    /// Results and their lengths.
    pub results: Vec<(String, u64)>,
    /// When each stage began, in seconds from the start.
    pub seconds: Vec<(String, f64)>,
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

/// Records as a run sees them, and where they came from.
pub struct Seen<'a> {
    /// Input files.
    pub files: &'a [Input],
    /// How they are read.
    pub how: How,
    /// The column of identifiers.
    pub id: Option<&'a str>,
    /// Identifiers and sources.
    pub table: &'a Table,
    /// What is compared.
    pub records: &'a Records,
    /// Probability from which pairs count as links.
    pub threshold: f64,
}

impl Opened {
    /// The records of the run.
    pub fn seen(&self) -> Seen<'_> {
        Seen {
            files: &self.run.files,
            how: self.run.how,
            id: self.run.settings.id.as_deref(),
            table: &self.table,
            records: &self.records,
            threshold: self.model.threshold,
        }
    }
}

/// Words for what the system refused.
pub fn io(path: &Path) -> impl Fn(std::io::Error) -> LinkError + '_ {
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
pub fn reading(settings: &Settings, how: How) -> read::ReadOptions {
    read::ReadOptions {
        id: settings.id.clone(),
        ignore: settings.ignore.clone(),
        encoding: how.encoding,
        skip_bad_rows: how.skip_bad_rows,
        meter: None,
    }
}

/// Looks at the input files: absolute names, lengths, digests.
pub fn inputs(files: &[String]) -> Result<Vec<Input>, LinkError> {
    let one = |f: &String| {
        let path = std::path::absolute(f).map_err(io(Path::new(f)))?;
        let digest = digest(&path).map_err(io(Path::new(f)))?;
        let bytes = std::fs::metadata(&path).map_err(io(Path::new(f)))?.len();
        Ok(Input {
            file: path.display().to_string(),
            bytes,
            digest,
        })
    };
    files.iter().map(one).collect()
}

/// Names a run: files and labels by their contents, settings with the seed, model, and the very program.
pub fn key(
    inputs: (&[Input], &[Input]),
    how: How,
    format: Format,
    settings: &Settings,
    model: Option<&Model>,
) -> Result<String, LinkError> {
    let mut all = serde_json::to_string(&(inputs, how, format, settings))
        .map_err(|e| LinkError::Model(e.to_string()))?;
    if let Some(m) = model {
        all.push_str(&m.to_json()?);
    }
    // a program that was built anew may learn otherwise
    if let Ok(program) = std::env::current_exe()
        && let Ok(d) = digest(&program)
    {
        all.push_str(&d);
    }
    Ok(format!("{:016x}", linkage::table::hash_bytes(all.as_bytes())))
}

/// Holds the folder against a second run for as long as the result lives.
pub fn lock(out: &Path) -> Result<std::fs::File, LinkError> {
    let path = out.join(".lock");
    let file = std::fs::File::create(&path).map_err(io(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(LinkError::File {
            path: out.display().to_string(),
            problem: "another run is writing into this folder; wait for it or name another with --out".into(),
        }),
        Err(std::fs::TryLockError::Error(e)) => Err(io(&path)(e)),
    }
}

/// Whether the folder holds the complete results of the same run: `run.json` is written last, and every result has its
/// length.
pub fn is_done(out: &Path, key: &str) -> bool {
    let run: Option<Run> = text(&out.join("run.json"))
        .ok()
        .and_then(|t| serde_json::from_str(&t).ok());
    let whole =
        |(name, bytes): &(String, u64)| std::fs::metadata(out.join(name)).is_ok_and(|m| m.len() == *bytes);
    run.is_some_and(|r| r.key == key && r.results.iter().all(whole))
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
    let mark = dir.join("run.json");
    let text_of_run = match std::fs::read_to_string(&mark) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            return Err(LinkError::File {
                path: dir.display().to_string(),
                problem: "no complete run lies here: run.json is absent".into(),
            });
        }
        other => other.map_err(io(&mark))?,
    };
    let run: Run = serde_json::from_str(&text_of_run).map_err(|e| LinkError::File {
        path: mark.display().to_string(),
        problem: format!("not the mark of a run: {e}"),
    })?;
    let files: Vec<String> = run.files.iter().map(|i| i.file.clone()).collect();
    for (now, then) in inputs(&files)?.iter().zip(&run.files) {
        if now != then {
            return Err(LinkError::File {
                path: then.file.clone(),
                problem: "has changed since the run; run it again".into(),
            });
        }
    }
    let model = Model::from_json(&text(&dir.join("model.json"))?)?;
    let mut table = read::read_tables(&files, &reading(&run.settings, run.how))?;
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

/// The input read afresh with every column, ignored ones too: to show records and to group them.
pub fn all_columns(o: &Seen<'_>) -> Result<Table, LinkError> {
    let options = read::ReadOptions {
        id: o.id.map(str::to_owned),
        skip_bad_rows: o.how.skip_bad_rows,
        encoding: o.how.encoding,
        ..Default::default()
    };
    let files: Vec<String> = o.files.iter().map(|i| i.file.clone()).collect();
    read::read_tables(&files, &options)
}

/// Reads the kept pairs of a run back, with their levels.
pub fn edges(dir: &Path, opened: &Opened) -> Result<Vec<Edge>, LinkError> {
    let path = dir.join(format!("edges.{}", opened.run.format.ending()));
    let t = read::read_tables(&[path.display().to_string()], &read::ReadOptions::default())?;
    let damaged = |what: &str| LinkError::File {
        path: path.display().to_string(),
        problem: format!("{what}; run it again"),
    };
    let find = |name: &str| t.columns.iter().find(|c| c.name == name);
    let column = |name: &str| find(name).ok_or_else(|| damaged(&format!("no column {name}")));
    let (l, r, w) = (column("id_l")?, column("id_r")?, column("match_weight")?);
    let levels = opened
        .model
        .fields
        .iter()
        .map(|f| column(&format!("level_{}", f.name)))
        .collect::<Result<Vec<_>, _>>()?;
    let sources = find("source_l").zip(find("source_r"));
    let people = Lookup::new(&opened.table);
    let cell = |c: &Column, k: usize| c.codes.get(k).map_or("", |code| c.values.text(*code)).to_owned();
    let mut out = Vec::with_capacity(t.len());
    for k in 0..t.len() {
        let side = |ids: &Column, source: Option<&Column>, usual: usize| {
            let source = source.map_or(usual, |s| people.source(&cell(s, k)));
            people
                .find(source, &cell(ids, k))
                .ok_or_else(|| damaged("a record of it is not in the input"))
        };
        let right = usize::from(opened.table.sources.count() > 1);
        let mut pattern = 0;
        for (f, c) in levels.iter().enumerate() {
            let level: u64 = cell(c, k)
                .parse()
                .map_err(|_| damaged("a level is not a number"))?;
            pattern |= (level & 15) << (4 * f);
        }
        out.push(Edge {
            left: side(l, sources.map(|s| s.0), 0)?,
            right: side(r, sources.map(|s| s.1), right)?,
            weight: cell(w, k)
                .parse()
                .map_err(|_| damaged("a weight is not a number"))?,
            pattern,
        });
    }
    Ok(out)
}

/// Finds records by identifier.
pub struct Lookup<'a> {
    places: HashMap<(usize, &'a str), u32>,
    letters: Vec<String>,
}

impl<'a> Lookup<'a> {
    /// Over all records of a table.
    pub fn new(table: &'a Table) -> Self {
        let number = |k: usize| u32::try_from(k).unwrap_or(u32::MAX);
        let place = |k: usize| ((table.sources.of(number(k)), table.ids.text(k)), number(k));
        let letter = |s: usize| table.sources.letter(table.sources.range(s).start);
        Self {
            places: (0..table.len()).map(place).collect(),
            letters: (0..table.sources.count()).map(letter).collect(),
        }
    }

    /// The number of a source by its short name.
    pub fn source(&self, letter: &str) -> usize {
        self.letters
            .iter()
            .position(|l| l == letter)
            .unwrap_or(usize::MAX)
    }

    /// A record of one source.
    pub fn find(&self, source: usize, id: &str) -> Option<u32> {
        self.places.get(&(source, id)).copied()
    }

    /// A record named as a person would: its identifier, or `b:` and its identifier where several files have it; without a
    /// letter the first file that has it, leaving out `not`.
    pub fn named(&self, text: &str, not: Option<usize>) -> Option<(usize, u32)> {
        let in_source = |s: usize, id: &str| self.find(s, id).map(|r| (s, r));
        let sources = 0..self.letters.len();
        let bare = sources
            .filter(|s| Some(*s) != not)
            .find_map(|s| in_source(s, text));
        let lettered = || {
            let (letter, id) = text.split_once(':')?;
            in_source(self.source(letter), id)
        };
        bare.or_else(lettered).or_else(|| in_source(not?, text))
    }
}
