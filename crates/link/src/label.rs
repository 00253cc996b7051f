//! `link label`: a page on this machine where a person judges uncertain pairs of a run, and the model learns from it.
//!
//! It listens on 127.0.0.1 alone and under a path that nobody else is told. Every answer is written before the next pair
//! is shown, so an interrupt loses nothing, and a second sitting goes on where the first ended.

use crate::{
    page::{self, Pair, Request, View},
    store::{self, Opened},
    truth,
};
use linkage::{LinkError, compare::Scratch, evaluate::Truth, label, score::Edge, table::Table, write};
use std::{
    collections::HashSet,
    hash::{BuildHasher, Hasher},
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    time::Duration,
};

/// One sitting.
struct Sitting {
    opened: Opened,
    all: Table,
    edges: Vec<Edge>,
    queue: Vec<usize>,
    /// Position in the queue.
    next: usize,
    labels: PathBuf,
    judged: Vec<((u32, u32), bool)>,
    model: PathBuf,
    note: String,
}

/// Serves the page until the person ends it.
pub fn serve(
    run: &Path,
    labels: Option<&Path>,
    port: u16,
    most: usize,
    out: &mut dyn Write,
) -> Result<(), LinkError> {
    let labels = labels.map_or_else(|| run.join("labels.csv"), Path::to_path_buf);
    let mut sitting = Sitting::open(run, labels, most)?;
    let refused = |source| LinkError::Io {
        path: format!("127.0.0.1:{port}"),
        source,
    };
    let listener = TcpListener::bind(("127.0.0.1", port)).map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    // keyed by the system's randomness: other users of the machine cannot guess it
    let secret = || std::hash::RandomState::new().build_hasher().finish();
    let path = format!("/{:016x}{:016x}/", secret(), secret());
    let hosts = [address.to_string(), format!("localhost:{}", address.port())];
    writeln!(out, "open http://{address}{path} in a browser on this machine").map_err(refused)?;
    out.flush().map_err(refused)?;
    for stream in listener.incoming() {
        let Ok(mut stream) = stream else { continue };
        // a connection that says nothing must not hold up the next
        let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
        let (answer, end) = match receive(&mut stream) {
            Some(r) if r.path == path && hosts.contains(&r.host) => sitting.answer(&r)?,
            Some(_) => (page::response("404 Not Found", "not here"), false),
            None => (page::response("400 Bad Request", "not understood"), false),
        };
        // a browser that has gone away needs no answer
        let _ = stream.write_all(answer.as_bytes());
        if end {
            break;
        }
    }
    writeln!(
        out,
        "{} answers are in {}",
        sitting.judged.len(),
        sitting.labels.display()
    )
    .map_err(refused)
}

fn receive(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let mut part = [0; 4096];
    loop {
        let n = stream.read(&mut part).ok().filter(|n| *n > 0)?;
        bytes.extend_from_slice(part.get(..n)?);
        if let Some(r) = page::request(&bytes).ok()? {
            return Some(r);
        }
    }
}

impl Sitting {
    fn open(run: &Path, labels: PathBuf, most: usize) -> Result<Self, LinkError> {
        let opened = store::open(run)?;
        let edges = store::edges(run, &opened)?;
        let all = store::all_columns(&opened.seen())?;
        let mut judged = Vec::new();
        if labels.exists() {
            match truth::read(
                &labels.display().to_string(),
                &opened.table,
                opened.run.settings.id.as_deref(),
            )? {
                Truth::Pairs(p) => judged.extend(p),
                Truth::Entities(_) => {
                    return Err(LinkError::File {
                        path: labels.display().to_string(),
                        problem: "holds entities, not judged pairs; name another file with --labels".into(),
                    });
                }
            }
        } else {
            write::text(&labels, "id_l,id_r,match\n")?;
        }
        judged.sort_unstable();
        let known: HashSet<(u32, u32)> = judged.iter().map(|j| j.0).collect();
        let seed = opened.run.settings.seed.unwrap_or(1);
        let queue = label::queue(&edges, most, seed, &|e| known.contains(&(e.left, e.right)));
        Ok(Self {
            opened,
            all,
            edges,
            queue,
            next: 0,
            labels,
            judged,
            model: run.join("model-labelled.json"),
            note: String::new(),
        })
    }

    /// The response to a request, and whether it was the last.
    fn answer(&mut self, r: &Request) -> Result<(String, bool), LinkError> {
        if !r.form {
            return Ok((page::response("200 OK", &self.page(&r.path)), false));
        }
        self.note.clear();
        match page::field(&r.body, "answer") {
            Some("end") => {
                return Ok((
                    page::response(
                        "200 OK",
                        "<!doctype html><title>Ended</title><p>Ended. This page can be closed.",
                    ),
                    true,
                ));
            }
            Some("learn") => self.note = self.learn()?,
            Some(word @ ("same" | "different" | "unsure")) => {
                // an answer sent twice, or to a pair that is no longer asked about, is not taken for the next one
                let asked = page::field(&r.body, "pair").and_then(|p| p.parse().ok());
                if asked == Some(self.next) && self.pair().is_some() {
                    if word != "unsure" {
                        self.keep(word == "same")?;
                    }
                    self.next += 1;
                }
            }
            _ => return Ok((page::response("400 Bad Request", "not understood"), false)),
        }
        Ok((page::see(&r.path), false))
    }

    fn pair(&self) -> Option<&Edge> {
        self.queue.get(self.next).and_then(|k| self.edges.get(*k))
    }

    /// Appends an answer to the file and to what is known.
    fn keep(&mut self, same: bool) -> Result<(), LinkError> {
        let Some(e) = self.pair().copied() else {
            return Ok(());
        };
        let (l, r) = (self.name(e.left), self.name(e.right));
        let refused = store::io(&self.labels);
        let mut file = std::fs::OpenOptions::new()
            .append(true)
            .open(&self.labels)
            .map_err(&refused)?;
        let line = format!("{l},{r},{}\n", u8::from(same));
        file.write_all(line.as_bytes()).map_err(&refused)?;
        file.sync_data().map_err(&refused)?;
        self.judged.push(((e.left, e.right), same));
        Ok(())
    }

    /// An identifier as a cell, with the letter of its file where there are several.
    fn name(&self, record: u32) -> String {
        let table = &self.opened.table;
        let id = table.ids.text(record as usize);
        let text = if table.sources.count() > 1 {
            format!("{}:{id}", table.sources.letter(record))
        } else {
            id.to_owned()
        };
        format!("\"{}\"", text.replace('"', "\"\""))
    }

    fn learn(&self) -> Result<String, LinkError> {
        let records = &self.opened.records;
        let mut scratch = Scratch::new(records.fields.len(), 8);
        let judged: Vec<(u64, bool)> = self
            .judged
            .iter()
            .map(|((l, r), same)| (records.pattern(*l, *r, &mut scratch), *same))
            .collect();
        match label::learn(&self.opened.model, &judged) {
            Ok(m) => {
                write::text(&self.model, &m.to_json()?)?;
                Ok(format!(
                    "Learned from {} answers. Run again with --model {} to use it.",
                    judged.len(),
                    self.model.display()
                ))
            }
            Err(LinkError::Unlearnable(why)) => Ok(why),
            Err(e) => Err(e),
        }
    }

    fn page(&self, path: &str) -> String {
        let pair = self.pair().map(|e| {
            let cell = |c: &linkage::table::Column, r: u32| {
                c.codes
                    .get(r as usize)
                    .map_or("", |k| c.values.text(*k))
                    .to_owned()
            };
            let ids = &self.all.ids;
            let (l, r) = (e.left as usize, e.right as usize);
            let mut rows = vec![(
                "identifier".to_owned(),
                ids.text(l).to_owned(),
                ids.text(r).to_owned(),
            )];
            let ignored = &self.opened.run.settings.ignore;
            let shown = self.all.columns.iter().filter(|c| !ignored.contains(&c.name));
            rows.extend(shown.map(|c| (c.name.clone(), cell(c, e.left), cell(c, e.right))));
            Pair {
                number: self.next,
                rows,
                why: self.opened.model.scorer().explain(&self.opened.model, e.pattern),
            }
        });
        let same = self.judged.iter().filter(|j| j.1).count();
        page::html(&View {
            action: path,
            judged: (same, self.judged.len() - same),
            note: &self.note,
            pair,
        })
    }
}
