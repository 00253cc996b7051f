//! What labels say of a run: accuracy, calibration, and error rates by group.

use super::draw::{Dot, bars, dots, line, table};
use super::{escape, head};
use crate::evaluate::{Accuracy, Bin, Compared, Subgroup};
use std::fmt::Write;

/// A page of its own. It names groups, as they stand in the data, and no record.
#[must_use]
pub fn evaluation(a: &Accuracy, compared: &[Compared]) -> String {
    let mut out = head("Evaluation of a linkage");
    out.push_str(&sections(a, compared));
    out.push_str("</main></body></html>\n");
    out
}

/// What labels say, for a page.
pub(super) fn sections(a: &Accuracy, compared: &[Compared]) -> String {
    let mut out = String::from("<h2>Accuracy against labels</h2>");
    let _ = write!(
        out,
        "<p>{} true pairs; the truth of {} kept pairs is known.</p>",
        a.true_pairs, a.judged
    );
    let points = [
        ("best F1", a.best),
        ("at the threshold of the run", a.at_threshold),
    ];
    let cells: Vec<Vec<String>> = points
        .iter()
        .filter_map(|(what, p)| {
            let p = (*p)?;
            let numbers = [p.precision, p.recall, p.f1].map(|x| format!("{x:.4}"));
            let mut row = vec![(*what).to_owned()];
            row.extend(numbers);
            row.push(format!("{:.2}", p.score));
            Some(row)
        })
        .collect();
    out.push_str(&table(
        "two thresholds",
        &["threshold", "precision", "recall", "F1", "bits"],
        &cells,
    ));
    out.push_str(&accuracy(a));
    out.push_str(&groups(compared));
    out
}

/// One chart of missed pairs and one of wrong links for every grouping, each with its table.
fn groups(compared: &[Compared]) -> String {
    let mut out = String::from(
        "<h2>Error rates by group</h2><p>A pair counts for a group when either of its records is in it. The gap is the widest between groups with enough true pairs; one that is not small means that some people are linked worse than others, whoever decides with the result should know of it.</p>",
    );
    for c in compared {
        let by = escape(&c.by);
        let _ = write!(out, "<h3>By {by}</h3>");
        let mut draw = |what: &str, rate: &dyn Fn(&Subgroup) -> f64| {
            let rows: Vec<(String, f64)> = c.groups.iter().map(|g| (g.group.clone(), rate(g))).collect();
            out.push_str(&bars(&format!("{what} by {}", c.by), &rows));
        };
        draw("Share of true pairs missed", &|g| g.missed);
        draw("Share of links that are wrong", &|g| 1.0 - g.precision);
        let cells: Vec<Vec<String>> = c
            .groups
            .iter()
            .map(|g| {
                vec![
                    g.group.clone(),
                    g.records.to_string(),
                    g.true_pairs.to_string(),
                    format!("{:.4}", g.precision),
                    format!("{:.4}", g.recall),
                ]
            })
            .collect();
        out.push_str(&table(
            &format!("error rates by {}", c.by),
            &["group", "records", "true pairs", "precision", "recall"],
            &cells,
        ));
        let _ = write!(
            out,
            "<p>Widest gap between groups with at least {} true pairs: recall {:.4}, precision {:.4}.</p>",
            c.smallest, c.recall_gap, c.precision_gap
        );
    }
    if !compared.iter().any(|c| c.by.to_lowercase().contains("origin")) {
        out.push_str("<p>The files state no name origin; it is not guessed from names.</p>");
    }
    out
}

fn accuracy(a: &Accuracy) -> String {
    let curve: Vec<(f64, f64)> = a.curve.iter().map(|p| (p.recall, p.precision)).collect();
    let bins: Vec<Dot> = a.bins.iter().map(dot).collect();
    let cells = a
        .curve
        .iter()
        .step_by((a.curve.len() / 30).max(1))
        .map(|p| {
            vec![
                format!("{:.2}", p.score),
                format!("{:.4}", p.precision),
                format!("{:.4}", p.recall),
                format!("{:.4}", p.f1),
            ]
        })
        .collect::<Vec<_>>();
    let reliability = a
        .bins
        .iter()
        .map(|b| {
            vec![
                format!("{:.4}", b.stated),
                format!("{:.4}", b.observed),
                b.pairs.to_string(),
            ]
        })
        .collect::<Vec<_>>();
    format!(
        "{}{}<h3>Calibration</h3><p>Stated against observed probability; error {:.4}.</p>{}{}",
        line("Precision and recall", &curve, "recall", "precision"),
        table(
            "precision and recall",
            &["bits", "precision", "recall", "F1"],
            &cells
        ),
        a.calibration_error,
        dots("Calibration", &bins, "stated", "observed"),
        table("calibration", &["stated", "observed", "pairs"], &reliability)
    )
}

/// A bin with the interval of a share (E. B. Wilson, 1927, JASA 22:209–212), 95 in 100.
#[expect(clippy::cast_precision_loss, reason = "a count of pairs")]
fn dot(b: &Bin) -> Dot {
    let (n, z) = ((b.pairs as f64).max(1.0), 1.96_f64);
    let middle = (b.observed + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * (b.observed * (1.0 - b.observed) / n + z * z / (4.0 * n * n)).sqrt();
    Dot {
        x: b.stated,
        y: b.observed,
        low: middle - half,
        high: middle + half,
    }
}
