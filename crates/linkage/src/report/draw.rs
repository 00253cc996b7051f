//! Charts as inline SVG, each beside the table it draws. No script, no font, no network.

use std::fmt::Write;

/// Escapes text for HTML.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// A table; the first column is text, the others numbers.
#[must_use]
pub fn table(caption: &str, head: &[&str], rows: &[Vec<String>]) -> String {
    let mut out = format!(
        "<details><summary>Table: {}</summary><table><thead><tr>",
        escape(caption)
    );
    for h in head {
        let _ = write!(out, "<th scope=\"col\">{}</th>", escape(h));
    }
    out.push_str("</tr></thead><tbody>");
    for r in rows {
        out.push_str("<tr>");
        for (k, c) in r.iter().enumerate() {
            let (open, close) = if k == 0 {
                ("<th scope=\"row\">", "</th>")
            } else {
                ("<td>", "</td>")
            };
            let _ = write!(out, "{open}{}{close}", escape(c));
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table></details>");
    out
}

/// A bar of a chart.
#[derive(Clone, Debug)]
pub struct Bar {
    /// What it is.
    pub label: String,
    /// Where it begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// Its value as text.
    pub value: String,
    /// In the second colour.
    pub second: bool,
}

impl Bar {
    /// A bar from zero, of the second colour where it points the other way.
    #[must_use]
    pub fn new(label: impl Into<String>, value: f64) -> Self {
        Self {
            label: label.into(),
            from: 0.0,
            to: value,
            value: number(value),
            second: value < 0.0,
        }
    }
}

/// Horizontal bars from zero, one per row, with its value as text.
#[must_use]
pub fn bars(title: &str, rows: &[(String, f64)]) -> String {
    let rows: Vec<Bar> = rows.iter().map(|(n, v)| Bar::new(n.as_str(), *v)).collect();
    drawn(title, &rows)
}

/// Bars that each begin where the one before ended, and the sum.
#[must_use]
pub fn waterfall(title: &str, parts: &[(String, f64)]) -> String {
    let mut sum = 0.0;
    let mut rows: Vec<Bar> = parts
        .iter()
        .map(|(n, v)| {
            let from = sum;
            sum += v;
            Bar {
                from,
                to: sum,
                ..Bar::new(n.as_str(), *v)
            }
        })
        .collect();
    rows.push(Bar::new("together", sum));
    drawn(title, &rows)
}

/// Bars as rows of text with a drawing between, so that labels wrap and stay legible on a narrow screen. They are
/// drawings, not backgrounds: those are not printed.
#[must_use]
pub fn drawn(title: &str, rows: &[Bar]) -> String {
    let ends = || rows.iter().flat_map(|r| [r.from, r.to]).filter(|v| v.is_finite());
    let (low, high) = (ends().fold(0.0, f64::min), ends().fold(0.0, f64::max));
    let scale = 1000.0 / (high - low).max(1e-9);
    let across = |v: f64| (v.clamp(low, high) - low) * scale;
    let zero = across(0.0);
    let title = escape(title);
    let mut out =
        format!("<figure><figcaption>{title}</figcaption><div role=\"img\" aria-label=\"{title}\">");
    for r in rows.iter().filter(|r| r.from.is_finite() && r.to.is_finite()) {
        let (x, y) = (across(r.from.min(r.to)), across(r.from.max(r.to)));
        let class = if r.second { "minus" } else { "plus" };
        let _ = write!(
            out,
            "<div class=\"row\"><span>{}</span><svg viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\"><rect class=\"{class}\" x=\"{x:.1}\" y=\"1\" width=\"{:.1}\" height=\"8\"/><line x1=\"{zero:.1}\" x2=\"{zero:.1}\" y1=\"0\" y2=\"10\" vector-effect=\"non-scaling-stroke\"/></svg><span>{}</span></div>",
            escape(&r.label),
            (y - x).max(1.0),
            escape(&r.value)
        );
    }
    out.push_str("</div></figure>");
    out
}

/// A line through points with both axes labelled at their ends.
#[must_use]
pub fn line(title: &str, points: &[(f64, f64)], x_name: &str, y_name: &str) -> String {
    let range = |f: &dyn Fn(&(f64, f64)) -> f64| {
        let low = points.iter().map(f).fold(f64::INFINITY, f64::min);
        let high = points.iter().map(f).fold(f64::NEG_INFINITY, f64::max);
        if high > low {
            (low, high)
        } else {
            (low - 0.5, low + 0.5)
        }
    };
    if points.is_empty() {
        return String::from("<p>Nothing to draw.</p>");
    }
    let ((x0, x1), (y0, y1)) = (range(&|p| p.0), range(&|p| p.1));
    let place = |p: &(f64, f64)| {
        (
            60.0 + (p.0 - x0) / (x1 - x0) * 460.0,
            230.0 - (p.1 - y0) / (y1 - y0) * 210.0,
        )
    };
    let title = escape(title);
    let mut out = format!(
        "<figure><figcaption>{title}</figcaption><svg role=\"img\" aria-label=\"{title}\" viewBox=\"0 0 560 270\" width=\"560\" height=\"270\"><polyline points=\""
    );
    for p in points {
        let (x, y) = place(p);
        let _ = write!(out, "{x:.1},{y:.1} ");
    }
    out.push_str("\"/>");
    let _ = write!(
        out,
        "<line x1=\"60\" y1=\"230\" x2=\"520\" y2=\"230\"/><line x1=\"60\" y1=\"20\" x2=\"60\" y2=\"230\"/><text x=\"60\" y=\"248\">{}</text><text x=\"520\" y=\"248\" text-anchor=\"end\">{}</text><text x=\"290\" y=\"264\" text-anchor=\"middle\">{}</text><text x=\"54\" y=\"230\" text-anchor=\"end\">{}</text><text x=\"54\" y=\"28\" text-anchor=\"end\">{}</text><text x=\"64\" y=\"14\">{}</text></svg></figure>",
        number(x0),
        number(x1),
        escape(x_name),
        number(y0),
        number(y1),
        escape(y_name)
    );
    out
}

/// A point of a chart of shares, with the interval it lies in.
#[derive(Clone, Copy, Debug)]
pub struct Dot {
    /// Across.
    pub x: f64,
    /// Up.
    pub y: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Dots with their intervals in the square of shares, and its diagonal.
#[must_use]
pub fn dots(title: &str, points: &[Dot], x_name: &str, y_name: &str) -> String {
    let across = |x: f64| 60.0 + x.clamp(0.0, 1.0) * 320.0;
    let up = |y: f64| 340.0 - y.clamp(0.0, 1.0) * 320.0;
    let title = escape(title);
    let mut out = format!(
        "<figure><figcaption>{title}</figcaption><svg role=\"img\" aria-label=\"{title}\" viewBox=\"0 0 400 384\" width=\"400\" height=\"384\"><line class=\"guide\" x1=\"60\" y1=\"340\" x2=\"380\" y2=\"20\"/><line x1=\"60\" y1=\"340\" x2=\"380\" y2=\"340\"/><line x1=\"60\" y1=\"20\" x2=\"60\" y2=\"340\"/>"
    );
    for t in [0.0, 0.25, 0.5, 0.75, 1.0] {
        let _ = write!(
            out,
            "<text x=\"{:.0}\" y=\"356\" text-anchor=\"middle\">{t}</text><text x=\"54\" y=\"{:.0}\" text-anchor=\"end\">{t}</text>",
            across(t),
            up(t) + 4.0
        );
    }
    let known = |p: &&Dot| [p.x, p.y, p.low, p.high].iter().all(|v| v.is_finite());
    for p in points.iter().filter(known) {
        let x = across(p.x);
        let _ = write!(
            out,
            "<line class=\"range\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{:.1}\" y2=\"{:.1}\"/><circle cx=\"{x:.1}\" cy=\"{:.1}\" r=\"4\"/>",
            up(p.low),
            up(p.high),
            up(p.y)
        );
    }
    let _ = write!(
        out,
        "<text x=\"220\" y=\"376\" text-anchor=\"middle\">{}</text><text x=\"64\" y=\"14\">{}</text></svg></figure>",
        escape(x_name),
        escape(y_name)
    );
    out
}

/// A number with as many digits as are worth reading.
#[must_use]
pub fn number(v: f64) -> String {
    let a = v.abs();
    if a == 0.0 {
        "0".into()
    } else if a >= 1_000.0 || (a < 1e15 && v.fract() == 0.0) {
        format!("{v:.0}")
    } else if a >= 0.01 {
        format!("{v:.2}")
    } else {
        format!("{v:.1e}")
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        reason = "tests"
    )]
    use super::*;

    #[test]
    fn markup_in_names_is_shown_not_obeyed() {
        let t = table("<b>", &["<i>"], &[vec!["<script>alert('x')</script>".into()]]);
        assert!(!t.contains("<script>") && !t.contains("<b>") && !t.contains("<i>"));
        assert!(!bars("\"", &[("<x>".into(), 1.0)]).contains("<x>"));
    }

    #[test]
    fn each_bar_of_a_waterfall_begins_where_the_last_ended() {
        let s = waterfall("t", &[("a".into(), -4.0), ("b".into(), 6.0)]);
        // from -4 to 2: zero lies at two thirds
        for part in [
            "x=\"0.0\" y=\"1\" width=\"666.7\"",
            "x=\"0.0\" y=\"1\" width=\"1000.0\"",
            "x=\"666.7\" y=\"1\" width=\"333.3\"",
        ] {
            assert!(s.contains(part), "{part} {s}");
        }
        assert!(s.contains("together") && s.contains("<span>2</span>"));
    }

    #[test]
    fn empty_and_flat_data_draw_without_numbers_that_are_none() {
        for s in [
            line("t", &[], "x", "y"),
            line("t", &[(1.0, 1.0)], "x", "y"),
            dots("t", &[], "x", "y"),
            dots(
                "t",
                &[Dot {
                    x: f64::NAN,
                    y: 2.0,
                    low: -1.0,
                    high: 2.0,
                }],
                "x",
                "y",
            ),
            bars("t", &[]),
            bars("t", &[("a".into(), 0.0)]),
            bars("t", &[("a".into(), f64::NAN)]),
            waterfall("t", &[]),
            waterfall("t", &[("a".into(), f64::INFINITY)]),
        ] {
            assert!(!s.contains("NaN") && !s.contains("inf"), "{s}");
        }
    }
}
