//! Calibration of a run that has no labels: what comparisons left out one at a time say of stated probabilities.

use super::draw::{Dot, dots, table};
use crate::{model::Model, reliability::Reliability};

/// Chart, table and what it rests on.
pub(super) fn section(r: &Reliability, model: &Model) -> String {
    let mut out = String::from(
        "<h2>Calibration without labels</h2><p>Nobody has said which pairs are right, so this is an <em>estimate</em>. One comparison at a time is left out. Pairs are put in bins by the probability that all others give, and the one left out is called as a witness: how often it agrees tells which share of the bin must be one person. Dots on the line mean that probabilities are worth what they say.</p><p>It assumes that the witness depends on the other comparisons only through whether two records are one person (or one of the stated alternatives), and that m and u are as learned. Pairs are asked about only where neither blocking nor the score would have left them out for what the witness says.</p>",
    );
    if r.bins.is_empty() {
        out.push_str("<p>No pair could be asked about: every rule or score depends on the comparison that would be the witness. Judge a few pairs with <code>link label</code> instead.</p>");
        return out;
    }
    out.push_str(&format!(
        "<p>Estimated mean distance from the line: <strong>{:.3}</strong> (chance alone gives about {:.3}). This is not the calibration error against truth, which takes labels: <code>link evaluate</code>, or a run with <code>--labels</code>.</p>",
        r.gap, r.noise
    ));
    out.push_str(&chart(r));
    out.push_str(&witnesses(r, model));
    out
}

fn chart(r: &Reliability) -> String {
    let points: Vec<Dot> = r
        .bins
        .iter()
        .map(|b| Dot {
            x: b.stated,
            y: b.implied,
            low: b.low,
            high: b.high,
        })
        .collect();
    let mut out = dots(
        "Stated against implied probability",
        &points,
        "stated by the other comparisons",
        "implied by the witness",
    );
    let rows: Vec<Vec<String>> = r
        .bins
        .iter()
        .map(|b| {
            vec![
                format!("{:.3}", b.stated),
                format!("{:.3}", b.implied),
                format!("{:.3} to {:.3}", b.low, b.high),
                b.pairs.to_string(),
            ]
        })
        .collect();
    out.push_str(&table(
        "stated against implied probability",
        &["stated", "implied", "95 in 100", "pairs"],
        &rows,
    ));
    out
}

/// Every comparison as a witness, and those that could not be.
fn witnesses(r: &Reliability, model: &Model) -> String {
    let rows: Vec<Vec<String>> = r
        .witnesses
        .iter()
        .map(|w| {
            vec![
                w.name.clone(),
                w.pairs.to_string(),
                format!("{:.3}", w.expected),
                format!("{:.3}", w.observed),
                format!("{:.3}", w.gap),
            ]
        })
        .collect();
    let mut out = table(
        "each comparison as a witness",
        &["comparison", "pairs", "should agree", "agrees", "distance"],
        &rows,
    );
    let silent: Vec<&str> = model
        .fields
        .iter()
        .map(|f| f.name.as_str())
        .filter(|n| !r.witnesses.iter().any(|w| w.name == *n))
        .collect();
    if !silent.is_empty() {
        out.push_str(&format!(
            "<p>Could not be asked: {}.</p>",
            super::escape(&silent.join(", "))
        ));
    }
    out
}
