//! One self-contained HTML page about a run: what was learned, how pairs spread over scores, what blocking did.

mod draw;
mod judged;
mod reliable;

pub use draw::escape;
pub use judged::evaluation;

use crate::{
    caution,
    compare::{Records, level_of},
    diagnose,
    evaluate::{Accuracy, Compared},
    model::{Model, probability},
    pipeline::Outcome,
    profile::ColumnProfile,
    read::Skips,
    score::Edge,
};
use draw::{Bar, bars, drawn, line, number, table, waterfall};
use std::fmt::Write;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}\
h1,h2,h3{line-height:1.2;overflow-wrap:anywhere}h2{margin-top:3rem}figure{margin:.5rem 0}figcaption{font-size:.9rem;font-weight:600}\
svg{max-width:100%;height:auto;font:12px system-ui,sans-serif}\
.row{display:grid;grid-template-columns:minmax(7rem,18rem) minmax(4rem,26rem) 4rem;gap:.5rem;align-items:center;font-size:.8rem;line-height:1.3}\
.row span:first-child{text-align:right;overflow-wrap:anywhere}.row svg{width:100%;height:1rem}\
rect.plus{fill:#1d5c63}rect.minus{fill:#a3492f}line{stroke:#666}line.guide{stroke-dasharray:4 4}\
line.range{stroke:#767676;stroke-width:2}circle{fill:#1d5c63}polyline{fill:none;stroke:#1d5c63;stroke-width:2}\
details{overflow-x:auto}table{border-collapse:collapse;margin:.5rem 0}th,td{border-bottom:1px solid #767676;padding:.2rem .7rem;text-align:right}\
th[scope=row],th[scope=col]:first-child{text-align:left;font-weight:400}summary{cursor:pointer}\
@media print{details::details-content{content-visibility:visible;display:block}figure,tr{break-inside:avoid}h2,h3{break-after:avoid}}";

/// What a report is about.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// Records.
    pub records: &'a Records,
    /// Columns.
    pub profiles: &'a [ColumnProfile],
    /// Results.
    pub outcome: &'a Outcome,
    /// Rows that were left out.
    pub skipped: &'a Skips,
    /// Accuracy and error rates by group, when labels are known.
    pub judged: Option<(&'a Accuracy, &'a [Compared])>,
}

/// The page. It names columns and record numbers, never values.
#[must_use]
pub fn html(input: &Input<'_>) -> String {
    let o = input.outcome;
    let clusters = o.clusters();
    let mut out = head("Linkage report");
    let _ = write!(
        out,
        "<p>{} records were compared in {} candidate pairs. {} pairs have a probability of 1&nbsp;% or more; about {} matching pairs are expected in all. There are {clusters} clusters, cut at a probability of {:.2}.</p><p>A probability says how likely two records are about one person, given these columns. It is never certainty, and nobody should act on a pair without looking.</p>",
        input.records.len,
        o.candidates,
        o.edges.len(),
        format_args!("{:.0}", o.matches),
        o.model.threshold
    );
    for text in caution::cautions(input.records, o) {
        let _ = write!(
            out,
            "<p role=\"note\"><strong>Caution:</strong> {}.</p>",
            escape(&text)
        );
    }
    out.push_str(&weights(&o.model));
    out.push_str(&chances(&o.model));
    out.push_str(&waterfalls(o));
    out.push_str(&histogram(&o.edges));
    out.push_str(&reliable::section(&o.reliability, &o.model));
    if let Some((a, compared)) = input.judged {
        out.push_str(&judged::sections(a, compared));
    }
    out.push_str(&history(o));
    out.push_str(&unlinkable(input.records, &o.model));
    out.push_str(&blocking(o));
    out.push_str(&cluster_sizes(o));
    out.push_str(&columns(input.profiles, input.skipped));
    out.push_str("</main></body></html>\n");
    out
}

/// The beginning of a page.
fn head(title: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en-GB\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title><style>{STYLE}</style></head><body><main><h1>{title}</h1>"
    )
}

fn weights(model: &Model) -> String {
    let mut out = String::from(
        "<h2>Match weights</h2><p>Each bar is the evidence of one level in bits: +1 doubles the odds that two records are one person, −1 halves them. Rare values that agree weigh more than common ones.</p>",
    );
    for f in &model.fields {
        let rows: Vec<(String, f64)> = f
            .levels
            .iter()
            .enumerate()
            .skip(1)
            .map(|(l, n)| (n.clone(), f.weight(l)))
            .collect();
        let cells = rows
            .iter()
            .map(|(n, b)| vec![n.clone(), format!("{b:.2}")])
            .collect::<Vec<_>>();
        let _ = write!(
            out,
            "<h3>{}</h3>{}",
            escape(&f.name),
            bars(&format!("Match weights of {}", f.name), &rows)
        );
        out.push_str(&table(
            &format!("match weights of {}", f.name),
            &["level", "bits"],
            &cells,
        ));
    }
    out
}

fn chances(model: &Model) -> String {
    let mut out = String::from(
        "<h2>How often levels occur (m and u)</h2><p>m is how often a level occurs among records of one person, u among strangers. The other columns are different people with a reason to agree.</p>",
    );
    for (k, f) in model.fields.iter().enumerate() {
        let mut head = vec!["level", "m", "u"];
        head.extend(model.alternatives.iter().map(|a| a.name.as_str()));
        let at = |v: &[f64], l: usize| v.get(l).copied().unwrap_or(0.0);
        let rows: Vec<Vec<String>> = f
            .levels
            .iter()
            .enumerate()
            .skip(1)
            .map(|(l, n)| {
                let mut row = vec![n.clone(), number(at(&f.m, l)), number(at(&f.u, l))];
                row.extend(model.alternatives.iter().map(|a| {
                    a.levels
                        .get(k)
                        .filter(|v| !v.is_empty())
                        .map_or_else(|| "as strangers".into(), |v| number(at(v, l)))
                }));
                row
            })
            .collect();
        let both: Vec<Bar> = f
            .levels
            .iter()
            .enumerate()
            .skip(1)
            .flat_map(|(l, n)| {
                let u = Bar {
                    second: true,
                    ..Bar::new("u", at(&f.u, l))
                };
                [Bar::new(format!("{n}: m"), at(&f.m, l)), u]
            })
            .collect();
        let _ = write!(
            out,
            "<h3>{}</h3>{}",
            escape(&f.name),
            drawn(&format!("m and u of {}", f.name), &both)
        );
        out.push_str(&table(&format!("m and u of {}", f.name), &head, &rows));
    }
    out
}

/// A few pairs explained: the surest, some near even odds, and the least sure that was kept.
fn waterfalls(o: &Outcome) -> String {
    let mut out = String::from(
        "<h2>Why pairs have their score</h2><p>The parts of a score sum to it: each bar begins where the one before ended. Use <code>link explain</code> for any pair.</p>",
    );
    let scorer = o.model.scorer();
    let before = |a: &&Edge, b: &&Edge| {
        b.weight
            .total_cmp(&a.weight)
            .then((a.left, a.right).cmp(&(b.left, b.right)))
    };
    let above = |e: &&Edge| e.weight > 0.0;
    let picks = [
        o.edges.iter().min_by(before),
        o.edges.iter().filter(above).max_by(before),
        o.edges.iter().filter(|e| !above(e)).min_by(before),
        o.edges.iter().max_by(before),
    ];
    let mut shown = Vec::new();
    for e in picks.into_iter().flatten() {
        if shown.contains(&(e.left, e.right)) {
            continue;
        }
        shown.push((e.left, e.right));
        let x = scorer.explain(&o.model, e.pattern);
        let title = format!(
            "Records {} and {}: {:.2} bits, probability {:.4}",
            e.left + 1,
            e.right + 1,
            x.score,
            x.probability
        );
        let label = |p: &crate::model::Part| {
            if p.level.is_empty() {
                p.what.clone()
            } else {
                format!("{}: {}", p.what, p.level)
            }
        };
        let rows: Vec<(String, f64)> = x.parts.iter().map(|p| (label(p), p.bits)).collect();
        let mut sum = 0.0;
        let cells = x
            .parts
            .iter()
            .map(|p| {
                sum += p.bits;
                vec![
                    p.what.clone(),
                    p.level.clone(),
                    format!("{:.2}", p.bits),
                    format!("{sum:.2}"),
                ]
            })
            .collect::<Vec<_>>();
        let _ = write!(out, "<h3>{}</h3>{}", escape(&title), waterfall(&title, &rows));
        out.push_str(&table(&title, &["part", "level", "bits", "sum so far"], &cells));
    }
    out
}

fn histogram(edges: &[Edge]) -> String {
    let mut counts = std::collections::BTreeMap::<i32, u64>::new();
    for e in edges {
        #[expect(clippy::cast_possible_truncation, reason = "a score of a few tens of bits")]
        let bin = (e.weight / 2.0).floor() as i32 * 2;
        *counts.entry(bin).or_default() += 1;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts for drawing")]
    let rows: Vec<(String, f64)> = counts
        .iter()
        .map(|(b, n)| {
            (
                format!(
                    "{b} to {} bits (from p = {:.3})",
                    b + 2,
                    probability(f64::from(*b))
                ),
                *n as f64,
            )
        })
        .collect();
    let cells = counts
        .iter()
        .map(|(b, n)| vec![format!("{b} to {}", b + 2), n.to_string()])
        .collect::<Vec<_>>();
    format!(
        "<h2>Scores of kept pairs</h2>{}{}",
        bars("Pairs by score", &rows),
        table("pairs by score", &["bits", "pairs"], &cells)
    )
}

fn history(o: &Outcome) -> String {
    #[expect(clippy::cast_precision_loss, reason = "round numbers")]
    let points: Vec<(f64, f64)> = o
        .history
        .iter()
        .enumerate()
        .map(|(k, v)| (k as f64 + 1.0, *v))
        .collect();
    let cells = o
        .history
        .iter()
        .enumerate()
        .map(|(k, v)| vec![(k + 1).to_string(), format!("{v:.1}")])
        .collect::<Vec<_>>();
    format!(
        "<h2>Estimation</h2><p>The expected number of matching pairs after each round. A curve that is still climbing means the estimate has not settled.</p>{}{}",
        line(
            "Expected matches by round",
            &points,
            "round",
            "expected matching pairs"
        ),
        table("expected matches by round", &["round", "pairs"], &cells)
    )
}

fn unlinkable(records: &Records, model: &Model) -> String {
    let u = diagnose::unlinkables(records, model);
    let points: Vec<(f64, f64)> = u.iter().map(|p| (p.score, p.share)).collect();
    let cells = u
        .iter()
        .map(|p| {
            vec![
                format!("{:.0}", p.score),
                p.records.to_string(),
                format!("{:.2} %", p.share * 100.0),
            ]
        })
        .collect::<Vec<_>>();
    format!(
        "<h2>Records that cannot be linked</h2><p>The share of records that would not reach a score even against an exact copy of themselves, because too little is known about them.</p>{}{}",
        line(
            "Unlinkable records by score",
            &points,
            "score in bits",
            "share of records"
        ),
        table("unlinkable records", &["bits", "records below", "share"], &cells)
    )
}

fn blocking(o: &Outcome) -> String {
    #[expect(clippy::cast_precision_loss, reason = "counts for drawing")]
    let rows: Vec<(String, f64)> = o.rules.iter().map(|r| (r.rule.clone(), r.pairs as f64)).collect();
    let cells = o
        .rules
        .iter()
        .map(|r| {
            let mut row = vec![r.rule.clone()];
            row.extend(
                [r.pairs, r.blocks, r.largest, r.skipped_blocks, r.skipped_pairs].map(|x| x.to_string()),
            );
            row
        })
        .collect::<Vec<_>>();
    format!(
        "<h2>Blocking</h2><p>Pairs made by each rule; a pair that several rules make is compared once. Blocks that were too large were left out and are counted.</p>{}{}",
        bars("Pairs by rule", &rows),
        table(
            "blocking rules",
            &[
                "rule",
                "pairs",
                "blocks",
                "largest block",
                "blocks left out",
                "pairs left out"
            ],
            &cells
        )
    )
}

fn cluster_sizes(o: &Outcome) -> String {
    let d = diagnose::clusters(&o.labels, &o.edges, o.model.threshold);
    #[expect(clippy::cast_precision_loss, reason = "counts for drawing")]
    let rows: Vec<(String, f64)> = d
        .sizes
        .iter()
        .take(40)
        .map(|(s, n)| {
            (
                if *s == 1 {
                    "1 record".into()
                } else {
                    format!("{s} records")
                },
                *n as f64,
            )
        })
        .collect();
    let cells = d
        .sizes
        .iter()
        .map(|(s, n)| vec![s.to_string(), n.to_string()])
        .collect::<Vec<_>>();
    let doubtful = d
        .doubtful
        .iter()
        .take(25)
        .map(|c| {
            vec![
                (c.label + 1).to_string(),
                c.size.to_string(),
                format!("{:.2}", c.density),
                c.bridges.to_string(),
                format!("{:.3}", c.weakest),
            ]
        })
        .collect::<Vec<_>>();
    format!(
        "<h2>Clusters</h2>{}{}{}",
        bars("Clusters by size", &rows),
        table("clusters by size", &["records", "clusters"], &cells),
        table(
            "most doubtful clusters",
            &["first record", "records", "density", "bridges", "weakest link"],
            &doubtful
        )
    )
}

fn columns(profiles: &[ColumnProfile], skipped: &Skips) -> String {
    let rows: Vec<(String, f64)> = profiles
        .iter()
        .map(|p| (p.name.clone(), 1.0 - p.missing))
        .collect();
    let cells = profiles
        .iter()
        .map(|p| {
            let kind = format!("{:?}", p.kind);
            vec![
                p.name.clone(),
                kind,
                p.distinct.to_string(),
                format!("{:.1} %", p.missing * 100.0),
                p.odd.to_string(),
                p.note.clone().unwrap_or_default(),
            ]
        })
        .collect::<Vec<_>>();
    let left_out: String = skipped
        .sentences()
        .iter()
        .map(|s| format!("<p>{}.</p>", escape(s)))
        .collect();
    format!(
        "<h2>Columns</h2>{left_out}<p>The share of records with a value. \"Of another kind\" counts records whose value cannot be read as what the column holds.</p>{}{}",
        bars("Completeness of columns", &rows),
        table(
            "columns",
            &[
                "column",
                "taken for",
                "distinct values",
                "missing",
                "of another kind",
                "note"
            ],
            &cells
        )
    )
}

/// Levels of a pattern in words, for lists of pairs.
#[must_use]
pub fn levels(model: &Model, pattern: u64) -> Vec<String> {
    model
        .fields
        .iter()
        .enumerate()
        .map(|(k, f)| f.levels.get(level_of(pattern, k)).cloned().unwrap_or_default())
        .collect()
}
