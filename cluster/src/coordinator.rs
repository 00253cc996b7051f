//! Running one linkage on a cluster: everything as in `daylight link`, but that pairs are made and scored elsewhere.

use crate::{
    address,
    args::RunArgs,
    cut::{self, Cut},
    part::{self, Done},
    refused, runtime,
    submit::Cluster,
    values,
};
use linkage::{
    LinkError,
    pipeline::{Pairs, Phase, Scored, Watch},
    score::Edge,
    table::{hash_bytes, mix},
};
use std::{
    cell::OnceCell,
    net::{TcpStream, ToSocketAddrs},
    path::{Path, PathBuf},
    time::Duration,
};

/// Runs one linkage.
///
/// # Errors
/// Everything `daylight link` refuses; no scheduler, or a part that was lost too often.
pub fn run(args: &RunArgs) -> Result<(), LinkError> {
    if args.link.command.is_some() {
        return link::execute(&args.link, &mut std::io::stdout());
    }
    answers(&args.scheduler)?;
    let elsewhere = Elsewhere {
        args,
        used: OnceCell::new(),
    };
    link::execute_on(&args.link, &elsewhere)?;
    if let Some(dir) = elsewhere.used.get() {
        // results are complete without it
        let _ = std::fs::remove_dir_all(dir);
    }
    Ok(())
}

/// Whether a scheduler answers, asked before any file is read.
fn answers(scheduler: &str) -> Result<(), LinkError> {
    address(scheduler)?;
    let mut places = scheduler.to_socket_addrs().map_err(|e| refused(scheduler, e))?;
    if places.any(|a| TcpStream::connect_timeout(&a, Duration::from_secs(5)).is_ok()) {
        return Ok(());
    }
    Err(refused(
        scheduler,
        "no scheduler answers there; start one with `daylight-link-cluster scheduler`, or name another with --scheduler",
    ))
}

/// The cluster, for one run.
struct Elsewhere<'a> {
    args: &'a RunArgs,
    /// The folder this run used.
    used: OnceCell<PathBuf>,
}

impl link::Engine for Elsewhere<'_> {
    fn score(&self, pairs: Pairs<'_>, watch: &mut dyn Watch) -> Result<Scored, LinkError> {
        let cut = cut::cut(&pairs, self.args.parts)?;
        let bytes = values::bytes(pairs.records, pairs.model, pairs.keep)?;
        let dir = self.folder(&pairs, &bytes, cut.parts.len())?;
        let file = dir.join("values");
        values::save(&file, &bytes)?;
        drop(bytes);
        let mut done: Vec<Option<Done>> = (0..cut.parts.len()).map(|k| Done::load(&dir, k)).collect();
        rows(&dir, &pairs, &cut, &done, watch)?;

        let total: u64 = cut.parts.iter().map(|p| p.meetings).sum();
        let meter = watch.meter();
        meter.begin(total);
        if !watch.phase(Phase::Score, total) {
            return Err(LinkError::Stopped);
        }
        let mut wanted = Vec::new();
        for ((k, d), must) in done.iter_mut().enumerate().zip(&cut.parts) {
            match d {
                Some(_) => meter.add(must.meetings),
                // nothing meets there: nothing to ask
                None if must.meetings == 0 => *d = Some(Done::default()),
                None => wanted.push((k, *must)),
            }
        }
        watch.say(&format!(
            "{} parts, {} of them to do",
            cut.parts.len(),
            wanted.len()
        ));
        runtime()?.block_on(async {
            let across = pairs.records.sources.across();
            let cluster = Cluster::connect(self.args, &dir, &file, across, meter).await?;
            cluster
                .all(&wanted, watch, |k, d| {
                    d.save(&dir, k)?;
                    if let Some(place) = done.get_mut(k) {
                        *place = Some(d);
                    }
                    Ok(())
                })
                .await
        })?;
        gather(done, cut)
    }
}

impl Elsewhere<'_> {
    /// The folder of this very work: the same values, rows and parts find what was done before.
    fn folder(&self, pairs: &Pairs<'_>, values: &[u8], parts: usize) -> Result<PathBuf, LinkError> {
        let rows = pairs
            .records
            .rows
            .iter()
            .fold(parts as u64, |h, c| mix(h ^ u64::from(*c)));
        let name = format!("run-{:016x}", mix(hash_bytes(values) ^ rows));
        let usual = || {
            let out = self.args.link.out.as_deref().unwrap_or(Path::new("."));
            out.join("unfinished")
        };
        let io = |path: &Path, source| LinkError::Io {
            path: path.display().to_string(),
            source,
        };
        let dir = self.args.shared.clone().unwrap_or_else(usual).join(name);
        let dir = std::path::absolute(&dir).map_err(|e| io(&dir, e))?;
        std::fs::create_dir_all(&dir).map_err(|e| io(&dir, e))?;
        let _ = self.used.set(dir.clone());
        Ok(dir)
    }
}

/// Writes the rows of every part that is neither done nor written.
fn rows(
    dir: &Path,
    pairs: &Pairs<'_>,
    cut: &Cut,
    done: &[Option<Done>],
    watch: &mut dyn Watch,
) -> Result<(), LinkError> {
    let parts = done.len();
    watch.meter().begin(parts as u64);
    for start in (0..parts).step_by(part::FILES) {
        if watch.meter().stopped() {
            return Err(LinkError::Stopped);
        }
        let group = start..parts.min(start + part::FILES);
        let ready = |k: usize| {
            done.get(k).is_some_and(Option::is_some)
                || cut.parts.get(k).is_some_and(|p| p.meetings == 0)
                || part::rows_path(dir, k).exists()
        };
        if !group.clone().all(ready) {
            part::write_rows(dir, pairs.records, cut, group.clone())?;
        }
        watch.meter().add(group.len() as u64);
    }
    Ok(())
}

/// All parts together, in the order of the local engine.
fn gather(done: Vec<Option<Done>>, cut: Cut) -> Result<Scored, LinkError> {
    let mut candidates = 0;
    let mut edges: Vec<Edge> = Vec::new();
    for d in done {
        let d = d.ok_or_else(|| refused("parts", "one is missing; the same command goes on"))?;
        candidates += d.candidates;
        edges.extend(d.edges);
    }
    edges.sort_unstable_by_key(|e| (e.left, e.right));
    if edges.is_sorted_by(|a, b| (a.left, a.right) < (b.left, b.right)) {
        Ok(Scored {
            edges,
            rules: cut.rules,
            candidates,
        })
    } else {
        Err(refused(
            "parts",
            "a pair came from two parts; nothing is written, as counts would be wrong",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn done(lefts: &[u32]) -> Option<Done> {
        let edge = |l: &u32| Edge {
            left: *l,
            right: 90,
            weight: 1.0,
            pattern: 0,
        };
        Some(Done {
            candidates: 10,
            edges: lefts.iter().map(edge).collect(),
        })
    }

    fn cut() -> Cut {
        let table = linkage::read::read_inputs(
            &[linkage::read::Input::Bytes(
                "t.csv",
                b"name,town\nann,x\nben,y\ncat,x\ndan,y\n",
            )],
            &Default::default(),
        );
        let mut table = table.unwrap();
        let profiles = linkage::profile::profile(&table);
        let records = linkage::prepare::prepare(&mut table, &profiles).unwrap_or_default();
        let model = "{\"version\":1,\"fields\":[],\"prior\":0,\"alternatives\":[],\"corrections\":[],\
            \"calibration\":{\"from\":[],\"to\":[]},\"threshold\":0.5,\"rules\":[],\"records\":4,\"seed\":1}";
        let model = linkage::model::Model::from_json(model).unwrap();
        cut::cut(
            &Pairs {
                records: &records,
                rules: &[],
                model: &model,
                keep: 0.5,
            },
            Some(2),
        )
        .unwrap()
    }

    #[test]
    fn parts_are_gathered_in_record_order_and_only_if_all_are_there_and_differ() {
        let all = gather(vec![done(&[2, 7]), done(&[1, 5])], cut()).unwrap();
        assert_eq!(all.edges.iter().map(|e| e.left).collect::<Vec<_>>(), [1, 2, 5, 7]);
        assert_eq!(all.candidates, 20);
        assert!(gather(vec![done(&[1]), None], cut()).is_err());
        assert!(gather(vec![done(&[1]), done(&[1])], cut()).is_err());
    }

    #[test]
    fn where_nobody_listens_is_said_before_any_work() {
        let free = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let said = answers(&free.to_string()).unwrap_err().to_string();
        assert!(said.contains("no scheduler answers there"), "{said}");
    }
}
