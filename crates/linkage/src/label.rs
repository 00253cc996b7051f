//! Learning from a person's judgements of uncertain pairs.
//!
//! Pairs are chosen by their score alone, so among them the share of true pairs at given levels is what it is among all pairs
//! of those levels. Two things are learned from that share. First, how much each comparison really says: a factor on its
//! weights, near one until judgements speak against it, so that two columns that repeat each other no longer count twice
//! (logistic regression with a normal prior; parts of a score stay parts, a factor becomes a correction beside them). Then
//! a logistic curve over the new score (J. Platt, 1999, "Probabilistic outputs for support vector machines", Advances in
//! Large Margin Classifiers, 61–74), the calibration. A handful of answers moves little of either.

use crate::{
    LinkError,
    compare::{Pattern, level_of},
    model::{Calibration, Correction, Model},
    score::Edge,
    table::mix,
};

/// Judgements that are needed before anything is learned.
pub const FEWEST: usize = 20;

/// Where bands of scores in bits end. Most lie around even odds; two are of pairs that the model is sure of, for a model
/// that is wrong there is wrong where nobody would look.
const BANDS: [f64; 10] = [-6.0, -4.0, -2.0, 0.0, 2.0, 4.0, 6.0, 8.0, 16.0, f64::INFINITY];

/// Pairs worth a person's time, as positions in `edges`: bands of scores take turns, and within a band chance decides. Pairs
/// for which `known` holds are left out.
#[must_use]
pub fn queue(edges: &[Edge], most: usize, seed: u64, known: &dyn Fn(&Edge) -> bool) -> Vec<usize> {
    let mut bands: Vec<Vec<(u64, usize)>> = vec![Vec::new(); BANDS.len()];
    for (at, e) in edges.iter().enumerate() {
        let score = f64::from(e.weight);
        let band = bands.get_mut(BANDS.partition_point(|end| *end <= score));
        if let Some(band) = band.filter(|_| score >= -8.0 && !known(e)) {
            band.push((mix(seed ^ (u64::from(e.left) << 32 | u64::from(e.right))), at));
        }
    }
    for b in &mut bands {
        b.sort_unstable();
    }
    let longest = bands.iter().map(Vec::len).max().unwrap_or(0);
    let turns = (0..longest).flat_map(|k| bands.iter().filter_map(move |b| b.get(k)));
    turns.map(|x| x.1).take(most).collect()
}

/// Standard deviations, in nats, of the shift and of the slope before anything was judged.
const SHIFT: f64 = 1.5;
const SLOPE: f64 = 0.4;

/// Standard deviation of a comparison's factor before anything was judged.
const FACTOR: f64 = 0.25;
/// No comparison is silenced, nor made to speak more than twice as loud, by a few answers.
const FACTORS: (f64, f64) = (0.2, 2.0);

/// The model with what was learned from judged pairs: their levels, and whether they are one person.
///
/// # Errors
/// Fewer than [`FEWEST`] judgements, or all alike.
pub fn learn(model: &Model, judged: &[(Pattern, bool)]) -> Result<Model, LinkError> {
    let same = judged.iter().filter(|x| x.1).count();
    if judged.len() < FEWEST || same == 0 || same == judged.len() {
        return Err(LinkError::Unlearnable(format!(
            "{} pairs are judged, {same} of them the same person; {FEWEST} are needed, of both kinds",
            judged.len()
        )));
    }
    let mut out = model.clone();
    for (k, factor) in factors(model, judged).into_iter().enumerate() {
        correct(&mut out, k, factor);
    }
    let scorer = out.scorer();
    let scored: Vec<(f64, bool)> = judged.iter().map(|(p, same)| (scorer.score(*p), *same)).collect();
    let (slope, shift) = curve(&scored);
    let old = &model.calibration;
    let ends = Calibration {
        from: vec![-100.0, 100.0],
        to: vec![-100.0, 100.0],
    };
    let old = if old.from.is_empty() { &ends } else { old };
    out.calibration = Calibration {
        from: old.from.clone(),
        to: old.to.iter().map(|x| slope * x + shift).collect(),
    };
    Ok(out)
}

/// Multiplies the weights of a comparison: what changes stands beside them as a correction.
fn correct(model: &mut Model, k: usize, factor: f64) {
    let Some(f) = model.fields.get(k) else { return };
    let mut bits = vec![0.0; 256];
    for l in 1..f.levels.len().min(16) {
        if let Some(b) = bits.get_mut(17 * l) {
            *b = (factor - 1.0) * f.weight(l);
        }
    }
    match model.corrections.iter_mut().find(|c| c.a == k && c.b == k) {
        Some(c) => c.bits.iter_mut().zip(&bits).for_each(|(x, y)| *x += y),
        None => model.corrections.push(Correction { a: k, b: k, bits }),
    }
}

/// The most probable factor of every comparison, by Newton's method; a slope and a shift of the whole score are fitted with
/// them, so that factors tell comparisons from one another and not all of them from the truth.
fn factors(model: &Model, judged: &[(Pattern, bool)]) -> Vec<f64> {
    let nat = std::f64::consts::LN_2;
    let scorer = model.scorer();
    let n = model.fields.len().min(16);
    let rows: Vec<(Vec<f64>, f64, f64)> = judged
        .iter()
        .map(|(p, same)| {
            let base = scorer.score(*p) * nat;
            let weights = model.fields.iter().take(n).enumerate();
            let mut x: Vec<f64> = weights.map(|(k, f)| f.weight(level_of(*p, k)) * nat).collect();
            x.extend([base, 1.0]);
            (x, base, f64::from(u8::from(*same)))
        })
        .collect();
    let precision: Vec<f64> = (0..n)
        .map(|_| FACTOR.powi(-2))
        .chain([SLOPE.powi(-2), SHIFT.powi(-2)])
        .collect();
    let mut beta = vec![0.0; n + 2];
    for _ in 0..40 {
        let mut gradient: Vec<f64> = beta.iter().zip(&precision).map(|(b, w)| -b * w).collect();
        let mut curvature: Vec<Vec<f64>> = (0..n + 2)
            .map(|k| {
                (0..n + 2)
                    .map(|j| {
                        if j == k {
                            precision.get(k).copied().unwrap_or(1.0)
                        } else {
                            0.0
                        }
                    })
                    .collect()
            })
            .collect();
        for (x, base, y) in &rows {
            let z: f64 = base + x.iter().zip(&beta).map(|(x, b)| x * b).sum::<f64>();
            let p = 1.0 / (1.0 + (-z).exp());
            let w = p * (1.0 - p);
            for ((g, row), a) in gradient.iter_mut().zip(&mut curvature).zip(x) {
                *g += (y - p) * a;
                row.iter_mut().zip(x).for_each(|(c, b)| *c += w * a * b);
            }
        }
        let step = solve(curvature, gradient);
        // steps are kept short: far from the answer a logistic curve is flat
        let longest = step.iter().fold(0.0_f64, |m, s| m.max(s.abs()));
        let scale = (0.5 / longest.max(1e-12)).min(1.0);
        beta.iter_mut().zip(&step).for_each(|(b, s)| *b += scale * s);
        if longest < 1e-9 {
            break;
        }
    }
    beta.iter()
        .take(n)
        .map(|b| (1.0 + b).clamp(FACTORS.0, FACTORS.1))
        .collect()
}

/// Solves a positive definite system by elimination.
fn solve(mut a: Vec<Vec<f64>>, mut b: Vec<f64>) -> Vec<f64> {
    let n = b.len();
    for k in 0..n {
        let (Some(pivot), Some(right)) = (a.get(k).cloned(), b.get(k).copied()) else {
            continue;
        };
        let Some(top) = pivot.get(k).copied().filter(|t| t.abs() > 1e-300) else {
            continue;
        };
        for (j, (row, value)) in a.iter_mut().zip(&mut b).enumerate() {
            let factor = row.get(k).copied().unwrap_or(0.0) / top;
            if j != k && factor != 0.0 {
                row.iter_mut().zip(&pivot).for_each(|(x, p)| *x -= factor * p);
                *value -= factor * right;
            }
        }
    }
    let diagonal = a
        .iter()
        .enumerate()
        .map(|(k, row)| row.get(k).copied().unwrap_or(1.0));
    b.iter().zip(diagonal).map(|(b, d)| b / d).collect()
}

/// Slope and shift in bits: the most probable logistic curve, by Newton's method.
fn curve(judged: &[(f64, bool)]) -> (f64, f64) {
    let nat = std::f64::consts::LN_2;
    let (mut a, mut b) = (1.0_f64, 0.0_f64);
    for _ in 0..60 {
        let (mut ga, mut gb) = ((1.0 - a) / SLOPE.powi(2), -b / SHIFT.powi(2));
        let (mut haa, mut hab, mut hbb) = (SLOPE.powi(-2), 0.0, SHIFT.powi(-2));
        for (score, same) in judged {
            let x = score * nat;
            let p = 1.0 / (1.0 + (-(a * x + b)).exp());
            let (error, w) = (f64::from(u8::from(*same)) - p, p * (1.0 - p));
            ga += error * x;
            gb += error;
            haa += w * x * x;
            hab += w * x;
            hbb += w;
        }
        let determinant = haa * hbb - hab * hab;
        let (da, db) = (
            (ga * hbb - gb * hab) / determinant,
            (gb * haa - ga * hab) / determinant,
        );
        // half steps where a whole one would turn the curve over
        let step = if a + da > 0.05 {
            1.0
        } else {
            0.5 * (a - 0.05).max(0.0) / -da
        };
        a += step * da;
        b += step * db;
        if da.abs() + db.abs() < 1e-10 {
            break;
        }
    }
    (a.max(0.05), b / nat)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use super::*;
    use crate::model::probability;

    fn judged(n: u64, shift: f64, slope: f64) -> Vec<(f64, bool)> {
        let unit = |k: u64| (mix(mix(k) ^ 77) >> 11) as f64 / (1_u64 << 53) as f64;
        (0..n)
            .map(|k| {
                let score = unit(k) * 16.0 - 8.0;
                (score, unit(k + 1_000_000) < probability(slope * score + shift))
            })
            .collect()
    }

    #[test]
    fn a_known_curve_is_recovered_and_a_right_one_is_left_alone() {
        let (slope, shift) = curve(&judged(20_000, -2.0, 0.7));
        assert!(
            (slope - 0.7).abs() < 0.05 && (shift + 2.0).abs() < 0.2,
            "{slope} {shift}"
        );
        let (slope, shift) = curve(&judged(20_000, 0.0, 1.0));
        assert!((slope - 1.0).abs() < 0.05 && shift.abs() < 0.2, "{slope} {shift}");
    }

    #[test]
    fn a_system_is_solved() {
        let x = solve(vec![vec![4.0, 1.0], vec![1.0, 3.0]], vec![1.0, 2.0]);
        assert!(
            (x[0] - 1.0 / 11.0).abs() < 1e-12 && (x[1] - 7.0 / 11.0).abs() < 1e-12,
            "{x:?}"
        );
    }

    #[test]
    fn a_few_contrary_answers_do_not_turn_the_curve_over() {
        let contrary: Vec<(f64, bool)> = (0..40).map(|k| (f64::from(k % 9) - 4.0, k % 9 < 4)).collect();
        let (slope, shift) = curve(&contrary);
        assert!(slope > 0.0 && slope < 1.0 && shift.is_finite(), "{slope} {shift}");
    }

    #[test]
    fn bands_take_turns_and_known_pairs_are_left_out() {
        let edge = |k: u32, weight: f32| Edge {
            left: k,
            right: k + 1,
            weight,
            pattern: 0,
        };
        let mut edges: Vec<Edge> = (0..50).map(|k| edge(k, 0.5)).collect();
        edges.extend([edge(60, -3.0), edge(70, 5.0), edge(80, 30.0), edge(90, -9.0)]);
        let q = queue(&edges, 6, 1, &|_| false);
        assert_eq!(q.len(), 6);
        assert!(
            q.contains(&50) && q.contains(&51) && q.contains(&52) && !q.contains(&53),
            "{q:?}"
        );
        let q = queue(&edges, 99, 1, &|e| e.left < 50);
        assert_eq!(q.len(), 3);
    }
}
