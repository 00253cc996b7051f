//! Learning from a person's judgements of uncertain pairs.
//!
//! Pairs are chosen by their score alone, so among them the share of true pairs at a score is what it is among all pairs of
//! that score. A logistic curve of that share over the score (J. Platt, 1999, "Probabilistic outputs for support vector
//! machines", Advances in Large Margin Classifiers, 61–74) becomes the calibration of the model. It is held near the stated
//! probabilities until judgements speak against them: a handful of answers moves little.

use crate::{
    LinkError,
    model::{Calibration, Model},
    score::Edge,
    table::mix,
};

/// Judgements that are needed before anything is learned.
pub const FEWEST: usize = 20;

/// How far apart in bits from even odds pairs still are uncertain.
const REACH: i32 = 8;

/// Uncertain pairs worth a person's time, as positions in `edges`: bands of two bits take turns, and within a band chance
/// decides. Pairs for which `known` holds are left out.
#[must_use]
pub fn queue(edges: &[Edge], most: usize, seed: u64, known: &dyn Fn(&Edge) -> bool) -> Vec<usize> {
    let mut bands: Vec<Vec<(u64, usize)>> = vec![Vec::new(); usize::try_from(REACH).unwrap_or(0)];
    for (at, e) in edges.iter().enumerate() {
        #[expect(clippy::cast_possible_truncation, reason = "within reach")]
        let band = (f64::from(e.weight) / 2.0).floor() as i32 + REACH / 2;
        let band = usize::try_from(band).ok().and_then(|b| bands.get_mut(b));
        if let Some(band) = band.filter(|_| !known(e)) {
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

/// The model with its calibration learned from judged pairs: their scores in bits under this model, and whether they are
/// one person.
///
/// # Errors
/// Fewer than [`FEWEST`] judgements, or all alike.
pub fn learn(model: &Model, judged: &[(f64, bool)]) -> Result<Model, LinkError> {
    let same = judged.iter().filter(|x| x.1).count();
    if judged.len() < FEWEST || same == 0 || same == judged.len() {
        return Err(LinkError::Unlearnable(format!(
            "{} pairs are judged, {same} of them the same person; {FEWEST} are needed, of both kinds",
            judged.len()
        )));
    }
    let (slope, shift) = curve(judged);
    let old = &model.calibration;
    let ends = Calibration {
        from: vec![-100.0, 100.0],
        to: vec![-100.0, 100.0],
    };
    let old = if old.from.is_empty() { &ends } else { old };
    let mut out = model.clone();
    out.calibration = Calibration {
        from: old.from.clone(),
        to: old.to.iter().map(|x| slope * x + shift).collect(),
    };
    Ok(out)
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
        edges.extend([edge(60, -3.0), edge(70, 5.0), edge(80, 30.0)]);
        let q = queue(&edges, 6, 1, &|_| false);
        assert_eq!(q.len(), 6);
        assert!(q.contains(&50) && q.contains(&51) && !q.contains(&52), "{q:?}");
        let q = queue(&edges, 99, 1, &|e| e.left < 50);
        assert_eq!(q.len(), 2);
    }
}
