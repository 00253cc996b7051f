//! One linkage from records to clusters.

use crate::{
    LinkError,
    block::{self, Candidates, Rule, RuleReport},
    cluster::{self, Method},
    compare::Records,
    model::Model,
    score::{self, Edge},
    train::{em, random, sample},
};
use serde::{Deserialize, Serialize};

/// What may be chosen for a run.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
#[serde(default)]
pub struct Options {
    /// Seed of everything random.
    pub seed: u64,
    /// With two sources: also look for duplicates within each.
    pub within: bool,
    /// How clusters are made; decided from the data when absent.
    pub method: Option<Method>,
    /// Probability from which pairs count as links; decided from the data when absent.
    pub threshold: Option<f64>,
    /// Pairs below this probability are not written.
    pub keep: f64,
    /// Candidate pairs looked at while learning.
    pub sample: usize,
    /// Random pairs for `u`.
    pub random_pairs: u64,
    /// Probability that two random records match, held fixed.
    pub prior: Option<f64>,
    /// Blocking rules; chosen from the data when empty.
    pub rules: Vec<Rule>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seed: 1,
            within: false,
            method: None,
            threshold: None,
            keep: 0.01,
            sample: 400_000,
            random_pairs: 200_000,
            prior: None,
            rules: Vec::new(),
        }
    }
}

/// What a run is doing, for progress displays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Choosing blocking rules.
    Plan,
    /// Making candidate pairs.
    Block,
    /// Learning.
    Learn,
    /// Scoring all candidates.
    Score,
    /// Clustering.
    Cluster,
}

/// Watches a run and may stop it.
pub trait Watch {
    /// A phase begins; `count` is how many things it will handle, if known. Returning false stops the run.
    fn phase(&mut self, phase: Phase, count: u64) -> bool;
}

/// Watches nothing.
pub struct Unwatched;
impl Watch for Unwatched {
    fn phase(&mut self, _: Phase, _: u64) -> bool {
        true
    }
}

/// Everything learned and found.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The model.
    pub model: Model,
    /// Kept pairs in record order.
    pub edges: Vec<Edge>,
    /// Cluster label per record.
    pub labels: Vec<u32>,
    /// What blocking did.
    pub rules: Vec<RuleReport>,
    /// Candidate pairs compared.
    pub candidates: u64,
    /// Expected matches after every round of the last estimation.
    pub history: Vec<f64>,
    /// Expected number of matching pairs.
    pub matches: f64,
    /// Method used for clusters.
    pub method: Method,
}

/// Learns a model for records without any label.
///
/// # Errors
/// No candidate pairs, or nothing that looks like a match.
pub fn learn(
    records: &Records,
    candidates: &Candidates,
    rules: &[Rule],
    options: &Options,
) -> Result<(Model, Vec<f64>, f64), LinkError> {
    // levels made of conditions have no value counts to go by: more random pairs are needed
    let custom = records.fields.iter().any(|f| f.custom.is_some());
    let random_pairs = if custom {
        options.random_pairs * 8
    } else {
        options.random_pairs
    };
    let u = random::levels(records, random_pairs, options.seed);
    let sample = sample::draw(records, candidates, options.sample, options.seed);
    if sample.patterns.is_empty() {
        return Err(LinkError::Unlearnable(
            "blocking found no two records to compare; check that the files share columns, or name blocking rules in settings".into(),
        ));
    }
    let mut start = em::start(records, u);
    start.prior = options.prior;
    let mixture = em::fit(records, &sample, &start, true, 80);
    if mixture.matches < 2.0 {
        return Err(LinkError::Unlearnable(format!(
            "about {:.1} matching pairs are expected among {} candidates, too few to learn from; give a model with --model",
            mixture.matches,
            candidates.len()
        )));
    }
    let model = Model::new(records, &mixture, rules.to_vec(), options.seed);
    Ok((model, mixture.history.clone(), mixture.matches))
}

/// Two sources in which hardly any record has two sure partners hold every person once: link one to one.
fn usual_method(records: &Records, edges: &[Edge], within: bool) -> Method {
    if within || records.split >= records.len {
        return Method::Average;
    }
    let mut partners = vec![0_u8; records.len];
    for e in edges.iter().filter(|e| e.probability() >= 0.9) {
        for r in [e.left, e.right] {
            if let Some(p) = partners.get_mut(r as usize) {
                *p = p.saturating_add(1);
            }
        }
    }
    let share = |side: &[u8]| {
        let (some, several) = (
            side.iter().filter(|p| **p > 0).count(),
            side.iter().filter(|p| **p > 1).count(),
        );
        some >= 20 && several * 33 < some
    };
    let (left, right) = partners.split_at(records.split.min(partners.len()));
    if share(left) && share(right) {
        Method::OneToOne
    } else {
        Method::Average
    }
}

/// Links records from scratch, or with a given model.
///
/// # Errors
/// As [`learn`]; [`LinkError::Stopped`] when the watcher says so.
pub fn run(
    records: &Records,
    options: &Options,
    given: Option<Model>,
    watch: &mut dyn Watch,
) -> Result<Outcome, LinkError> {
    let mut go = |phase, count: usize| {
        if watch.phase(phase, count as u64) {
            Ok(())
        } else {
            Err(LinkError::Stopped)
        }
    };
    go(Phase::Plan, records.len)?;
    let rules = match &given {
        Some(m) if !m.rules.is_empty() => m.rules.clone(),
        _ if !options.rules.is_empty() => options.rules.clone(),
        _ => block::plan(records, options.seed),
    };
    go(Phase::Block, rules.len())?;
    let candidates = block::generate(records, &rules, options.within)?;
    go(Phase::Learn, candidates.len())?;
    let (mut model, history, matches) = match given {
        Some(m) => {
            m.fits(records)?;
            (m, Vec::new(), 0.0)
        }
        None => learn(records, &candidates, &rules, options)?,
    };
    go(Phase::Score, candidates.len())?;
    let edges = score::score(records, &candidates, &model.scorer(), options.keep);
    go(Phase::Cluster, edges.len())?;
    let method = options
        .method
        .unwrap_or_else(|| usual_method(records, &edges, options.within));
    model.threshold = options.threshold.unwrap_or(0.45);
    let labels = cluster::cluster(records.len, &edges, method, model.threshold);
    Ok(Outcome {
        model,
        edges,
        labels,
        rules: candidates.reports.clone(),
        candidates: candidates.len() as u64,
        history,
        matches,
        method,
    })
}
