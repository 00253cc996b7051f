//! One linkage from records to clusters.

use crate::{
    LinkError,
    block::{self, Candidates, Rule, RuleReport},
    cluster::{self, Method},
    compare::{Pattern, Records},
    meter::Meter,
    model::Model,
    reliability::{self, Reliability},
    score::{self, Edge},
    train::{
        em,
        guard::{self, Verdict},
        random,
        sample::{self, Sample},
    },
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What may be chosen for a run.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
#[serde(default)]
pub struct Options {
    /// Seed of everything random.
    pub seed: u64,
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

/// A model and how it came about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Learned {
    /// The model.
    pub model: Model,
    /// Expected matches after every round of the last estimation.
    pub history: Vec<f64>,
    /// Expected number of matching pairs.
    pub matches: f64,
    /// What probabilities are worth, asked without labels; unknown for a model that was given.
    pub reliability: Option<Reliability>,
    /// What the guard saw; unknown for a model that was given.
    pub guard: Option<Verdict>,
}

/// Candidate pairs that were kept, and what blocking did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scored {
    /// Kept pairs in record order.
    pub edges: Vec<Edge>,
    /// What each rule did.
    pub rules: Vec<RuleReport>,
    /// Candidate pairs compared.
    pub candidates: u64,
}

/// Candidate pairs to make and to score.
#[derive(Clone, Copy)]
pub struct Pairs<'a> {
    /// Of these records,
    pub records: &'a Records,
    /// by these rules,
    pub rules: &'a [Rule],
    /// with this model,
    pub model: &'a Model,
    /// keeping those of at least this probability.
    pub keep: f64,
}

/// Watches a run, may stop it, and may keep its steps so that a stopped run is gone on with.
pub trait Watch {
    /// A phase begins; `count` is how many things it will handle, if known. Returning false stops the run.
    fn phase(&mut self, phase: Phase, count: u64) -> bool;
    /// Advanced within long phases, and asked whether to stop.
    fn meter(&self) -> Arc<Meter> {
        Arc::default()
    }
    /// What an earlier, stopped run of the same records and options had learned.
    fn learned_before(&mut self) -> Option<Learned> {
        None
    }
    /// What it had scored.
    fn scored_before(&mut self) -> Option<Scored> {
        None
    }
    /// Makes and scores pairs somewhere else than in this process; the answer must be what this process would have found.
    /// Nothing when it is to be done here.
    fn elsewhere(&mut self, _: Pairs<'_>) -> Option<Result<Scored, LinkError>> {
        None
    }
    /// Something worth saying that is no phase.
    fn say(&mut self, _: &str) {}
    /// A model has been learned.
    ///
    /// # Errors
    /// It could not be kept.
    fn learned(&mut self, _: &Learned) -> Result<(), LinkError> {
        Ok(())
    }
    /// Pairs have been scored.
    ///
    /// # Errors
    /// They could not be kept.
    fn scored(&mut self, _: &Scored) -> Result<(), LinkError> {
        Ok(())
    }
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
    /// What probabilities are worth, asked without labels.
    pub reliability: Reliability,
    /// What the guard saw; unknown for a model that was given.
    pub guard: Option<Verdict>,
    /// Method used for clusters.
    pub method: Method,
}

impl Outcome {
    /// Number of clusters, records alone included.
    #[must_use]
    pub fn clusters(&self) -> u64 {
        (0_u32..).zip(&self.labels).filter(|(k, l)| k == *l).count() as u64
    }
}

/// Most rounds of an estimation.
const ROUNDS: usize = 80;

/// Learns a model for records, whose patterns of exact agreement are `exact`, without any label, and says which pairs it
/// compared for that.
///
/// # Errors
/// No candidate pairs, or nothing that looks like a match.
pub fn learn(
    records: &Records,
    exact: &[Pattern],
    candidates: &Candidates,
    rules: &[Rule],
    options: &Options,
) -> Result<(Learned, Sample), LinkError> {
    // levels made of conditions have no value counts to go by: more random pairs are needed
    let custom = records.fields.iter().any(|f| f.custom.is_some());
    let random_pairs = if custom {
        options.random_pairs * 8
    } else {
        options.random_pairs
    };
    let u = random::levels(records, exact, random_pairs, options.seed);
    let sample = sample::draw(records, exact, candidates, options.sample, options.seed);
    if sample.patterns.is_empty() {
        return Err(LinkError::Unlearnable(
            "blocking found no two records to compare; check that the files share columns, or name blocking rules in settings".into(),
        ));
    }
    let mut start = em::start(records, u);
    start.prior = options.prior;
    let verdict = guard::judge(records, rules, &sample, &start, (ROUNDS, options.seed))?;
    let mixture = em::fit(records, &sample, &start, verdict.keeps_refined(), ROUNDS);
    if mixture.matches < 2.0 {
        return Err(LinkError::Unlearnable(format!(
            "about {:.1} matching pairs are expected among {} candidates, too few to learn from; give a model with --model",
            mixture.matches,
            candidates.len()
        )));
    }
    if mixture.astray() {
        return Err(LinkError::Unlearnable(
            "what is alike in these files looks like people of one home, not like records of one person; they may hold everybody once. Give a model learned from other files with --model, or name comparisons with fixed m and u in settings".into(),
        ));
    }
    let model = Model::new(records, &mixture, rules.to_vec(), options.seed);
    let reliability = reliability::of_sample(records, rules, &model, &sample)?;
    let learned = Learned {
        model,
        history: mixture.history.clone(),
        matches: mixture.matches,
        reliability: Some(reliability),
        guard: Some(verdict),
    };
    Ok((learned, sample))
}

/// Sources in which hardly any record has two sure partners hold every person once: link one to one.
fn usual_method(records: &Records, edges: &[Edge]) -> Method {
    if !records.sources.across() {
        return Method::Average;
    }
    // the sources in which a record has a sure partner, and whether it has two in one of them
    let mut partners = vec![(0_u64, false); records.len];
    for e in edges.iter().filter(|e| e.probability() >= 0.9) {
        for (r, other) in [(e.left, e.right), (e.right, e.left)] {
            let source = 1_u64 << (records.sources.of(other) & 63);
            if let Some(p) = partners.get_mut(r as usize) {
                *p = (p.0 | source, p.1 || p.0 & source != 0);
            }
        }
    }
    let share = |side: &[(u64, bool)]| {
        let (some, several) = (
            side.iter().filter(|p| p.0 > 0).count(),
            side.iter().filter(|p| p.1).count(),
        );
        some >= 20 && several * 33 < some
    };
    let once = |source: usize| {
        let r = records.sources.range(source);
        partners.get(r.start as usize..r.end as usize).is_some_and(&share)
    };
    if (0..records.sources.count()).all(once) {
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
    if let Some(m) = &given {
        m.fits(records)?;
    }
    let threshold = options.threshold.or(given.as_ref().map(|m| m.threshold));
    let before = given
        .map(|model| Learned {
            model,
            history: Vec::new(),
            matches: 0.0,
            reliability: None,
            guard: None,
        })
        .or_else(|| watch.learned_before());
    let scored = if before.is_some() {
        watch.scored_before()
    } else {
        None
    };
    let (mut learned, scored) = match (before, scored) {
        (Some(l), Some(s)) => (l, s),
        (before, _) => compare(records, options, before, watch)?,
    };
    go(watch, Phase::Cluster, scored.edges.len())?;
    let method = options
        .method
        .unwrap_or_else(|| usual_method(records, &scored.edges));
    learned.model.threshold = threshold.unwrap_or(0.45);
    let labels = cluster::cluster(&records.sources, &scored.edges, method, learned.model.threshold);
    let reliability = match learned.reliability {
        Some(r) => r,
        None => reliability::of_edges(
            records,
            &learned.model.rules,
            &learned.model,
            &scored.edges,
            options.keep,
        )?,
    };
    Ok(Outcome {
        reliability,
        guard: learned.guard,
        model: learned.model,
        edges: scored.edges,
        labels,
        rules: scored.rules,
        candidates: scored.candidates,
        history: learned.history,
        matches: learned.matches,
        method,
    })
}

fn go(watch: &mut dyn Watch, phase: Phase, count: usize) -> Result<(), LinkError> {
    watch.meter().begin(count as u64);
    if watch.phase(phase, count as u64) && !watch.meter().stopped() {
        Ok(())
    } else {
        Err(LinkError::Stopped)
    }
}

/// Makes candidate pairs, learns a model unless there is one, and scores.
fn compare(
    records: &Records,
    options: &Options,
    before: Option<Learned>,
    watch: &mut dyn Watch,
) -> Result<(Learned, Scored), LinkError> {
    go(watch, Phase::Plan, records.len)?;
    let rules = match &before {
        Some(l) if !l.model.rules.is_empty() => l.model.rules.clone(),
        _ if !options.rules.is_empty() => options.rules.clone(),
        _ => block::plan(records, options.seed),
    };
    go(watch, Phase::Block, rules.len())?;
    let exact = records.exact_patterns();
    let (mut made, mut known) = (None, Sample::default());
    let learned = match before {
        Some(l) => l,
        None => {
            let candidates = block::generate(records, &rules)?;
            go(watch, Phase::Learn, candidates.len())?;
            let (learned, compared) = learn(records, &exact, &candidates, &rules, options)?;
            watch.learned(&learned)?;
            (made, known) = (Some(candidates), compared);
            learned
        }
    };
    let pairs = Pairs {
        records,
        rules: &rules,
        model: &learned.model,
        keep: options.keep,
    };
    if let Some(scored) = watch.elsewhere(pairs) {
        let scored = scored?;
        watch.scored(&scored)?;
        return Ok((learned, scored));
    }
    let candidates = made.map_or_else(|| block::generate(records, &rules), Ok)?;
    go(watch, Phase::Score, candidates.len())?;
    let meter = watch.meter();
    let edges = score::score(
        records,
        &exact,
        &candidates,
        &known,
        &learned.model.scorer(),
        options.keep,
        &meter,
    );
    if meter.stopped() {
        return Err(LinkError::Stopped);
    }
    let scored = Scored {
        edges,
        rules: candidates.reports.clone(),
        candidates: candidates.len() as u64,
    };
    watch.scored(&scored)?;
    Ok((learned, scored))
}
