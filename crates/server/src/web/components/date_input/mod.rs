//! A date in three boxes, with a fourth for the time where the time matters.

use askama::Template;

use super::field::Field;
use crate::i18n::Texts;

/// GOV.UK Date input. No picker: people type dates they know.
#[derive(Clone, Debug, Template)]
#[template(path = "components/date_input/template.html")]
pub struct DateInput {
    /// Legend, hint and error.
    pub field: Field,
    /// The boxes.
    pub parts: Vec<Part>,
}

/// One box.
#[derive(Clone, Debug)]
pub struct Part {
    /// `day`, `month`, `year` or `time`, put after the field's name.
    pub name: &'static str,
    /// "Day".
    pub label: String,
    /// What was typed.
    pub value: String,
    /// `2`, `4` or `5` characters wide.
    pub width: u8,
    /// Whether to ask for a keyboard of digits.
    pub digits: bool,
}

impl askama::filters::HtmlSafe for DateInput {}

impl DateInput {
    /// Day, month and year, as typed.
    #[must_use]
    pub fn new(t: &Texts, field: Field, values: [&str; 3]) -> Self {
        let [day, month, year] = values;
        let part = |name, label, value: &str, width| Part {
            name,
            label,
            value: value.to_owned(),
            width,
            digits: true,
        };
        let parts = vec![
            part("day", t.get("date-day"), day, 2),
            part("month", t.get("date-month"), month, 2),
            part("year", t.get("date-year"), year, 4),
        ];
        Self { field, parts }
    }

    /// A box for the time too: "2:10pm".
    #[must_use]
    pub fn with_time(mut self, t: &Texts, value: &str) -> Self {
        let label = t.get("date-time");
        self.parts.push(Part {
            name: "time",
            label,
            value: value.to_owned(),
            width: 5,
            digits: false,
        });
        self
    }
}
