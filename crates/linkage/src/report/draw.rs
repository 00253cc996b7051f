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

/// Horizontal bars around zero, one per row, with its value as text.
#[must_use]
pub fn bars(title: &str, rows: &[(String, f64)]) -> String {
    let most = rows.iter().map(|r| r.1.abs()).fold(1e-9, f64::max);
    let negative = rows.iter().any(|r| r.1 < 0.0);
    let (left, width) = (260.0, 420.0);
    let zero = if negative { left + width / 2.0 } else { left };
    let scale = if negative { width / 2.0 } else { width } / most;
    let height = rows.len() * 18 + 8;
    let mut out = format!(
        "<svg role=\"img\" aria-label=\"{}\" viewBox=\"0 0 760 {height}\" width=\"760\" height=\"{height}\">",
        escape(title)
    );
    for (k, (name, v)) in rows.iter().enumerate() {
        let y = k * 18 + 4;
        let w = v.abs() * scale;
        let x = if *v < 0.0 { zero - w } else { zero };
        let class = if *v < 0.0 { "minus" } else { "plus" };
        let short: String = name.chars().take(40).collect();
        let _ = write!(
            out,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text><rect class=\"{class}\" x=\"{x:.1}\" y=\"{y}\" width=\"{:.1}\" height=\"13\"/><text x=\"{}\" y=\"{}\">{}</text>",
            left - 6.0,
            y + 11,
            escape(&short),
            w.max(0.5),
            left + width + 6.0,
            y + 11,
            number(*v)
        );
    }
    let _ = write!(
        out,
        "<line x1=\"{zero}\" x2=\"{zero}\" y1=\"0\" y2=\"{height}\"/></svg>"
    );
    out
}

/// A line through points with both axes labelled at their ends, and the diagonal if `diagonal`.
#[must_use]
pub fn line(title: &str, points: &[(f64, f64)], x_name: &str, y_name: &str, diagonal: bool) -> String {
    let range = |f: &dyn Fn(&(f64, f64)) -> f64| {
        let low = points.iter().map(f).fold(f64::INFINITY, f64::min);
        let high = points.iter().map(f).fold(f64::NEG_INFINITY, f64::max);
        if diagonal {
            (0.0, 1.0)
        } else if high > low {
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
    let mut out = format!(
        "<svg role=\"img\" aria-label=\"{}\" viewBox=\"0 0 560 270\" width=\"560\" height=\"270\"><polyline points=\"",
        escape(title)
    );
    for p in points {
        let (x, y) = place(p);
        let _ = write!(out, "{x:.1},{y:.1} ");
    }
    out.push_str("\"/>");
    if diagonal {
        out.push_str("<line class=\"guide\" x1=\"60\" y1=\"230\" x2=\"520\" y2=\"20\"/>");
    }
    let _ = write!(
        out,
        "<line x1=\"60\" y1=\"230\" x2=\"520\" y2=\"230\"/><line x1=\"60\" y1=\"20\" x2=\"60\" y2=\"230\"/><text x=\"60\" y=\"248\">{}</text><text x=\"520\" y=\"248\" text-anchor=\"end\">{}</text><text x=\"290\" y=\"264\" text-anchor=\"middle\">{}</text><text x=\"54\" y=\"230\" text-anchor=\"end\">{}</text><text x=\"54\" y=\"28\" text-anchor=\"end\">{}</text><text x=\"64\" y=\"14\">{}</text></svg>",
        number(x0),
        number(x1),
        escape(x_name),
        number(y0),
        number(y1),
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
    } else if a >= 1_000.0 {
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
    fn empty_and_flat_data_draw_without_numbers_that_are_none() {
        for s in [
            line("t", &[], "x", "y", false),
            line("t", &[(1.0, 1.0)], "x", "y", false),
            bars("t", &[]),
            bars("t", &[("a".into(), 0.0)]),
        ] {
            assert!(!s.contains("NaN") && !s.contains("inf"), "{s}");
        }
    }
}
