//! Each component beside the markup GOV.UK publishes for it, and what ours must never do.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use super::button::Button;
use super::checkboxes::Checkboxes;
use super::chips::{Chip, Chips};
use super::choice::Choice;
use super::clock_cell::ClockCell;
use super::date_input::DateInput;
use super::details::Details;
use super::error_summary::ErrorSummary;
use super::exit_page::ExitPage;
use super::field::Field;
use super::fixtures::{assert_same, normal};
use super::inset::Inset;
use super::pagination::Pagination;
use super::panel::Panel;
use super::radios::Radios;
use super::select::Select;
use super::summary_list::SummaryList;
use super::swimlane::{Mark, Sent, State, Story, Swimlane, Wait};
use super::table::Table;
use super::tag::Tag;
use super::task_list::{Status, TaskList};
use super::text_input::TextInput;
use super::textarea::Textarea;
use super::warning::Warning;
use crate::i18n::{Html, Texts};
use crate::web::format::When;

fn t() -> Texts {
    Texts::english().unwrap()
}

/// Without what we add on purpose: browsers are asked to keep and fill in nothing, and the
/// value is always written.
fn plain(ours: impl ToString) -> String {
    ours.to_string()
        .replace(" autocomplete=\"off\"", "")
        .replace(" spellcheck=\"false\"", "")
        .replace(" value=\"\"", "")
}

#[test]
fn buttons_as_published() {
    assert_same("button", "default", &plain(Button::submit("Save and continue")));
    assert_same(
        "button",
        "secondary",
        &plain(
            Button::submit("Secondary button")
                .secondary()
                .named("secondary", ""),
        ),
    );
    assert_same(
        "button",
        "warning",
        &plain(Button::submit("Warning button").warning().named("Warning", "")),
    );
    assert_same("button", "explicit link", &plain(Button::link("Continue", "/")));
    assert_same(
        "button",
        "prevent double click",
        &plain(Button::submit("Submit").once()),
    );
    assert_same(
        "button",
        "name",
        &plain(Button::submit("Submit").named("start-now", "")),
    );
}

#[test]
fn error_summary_as_published() {
    let t = t();
    let errors = vec![
        (
            "example-error-1".to_owned(),
            "The date your passport was issued must be in the past".to_owned(),
        ),
        (
            "example-error-2".to_owned(),
            "Enter a postcode, like AA1 1AA".to_owned(),
        ),
    ];
    assert_same(
        "error-summary",
        "default",
        &ErrorSummary::new(&t, &errors).to_string(),
    );
    assert_eq!(ErrorSummary::new(&t, &Vec::new()).to_string().trim(), "");
}

#[test]
fn text_inputs_as_published() {
    let t = t();
    let field = Field::new(&t, "test-name", "National Insurance number");
    assert_same("input", "default", &plain(TextInput::new(field, "")));
    let errors = vec![(
        "with-error-hint".to_owned(),
        "Enter a National Insurance number in the correct format".to_owned(),
    )];
    let hint =
        "It’s on your National Insurance card, benefit letter, payslip or P60. For example, ‘QQ 12 34 56 C’.";
    let field = Field::new(&t, "with-error-hint", "National insurance number")
        .hint(hint)
        .errors(&errors);
    assert_same("input", "with error and hint", &plain(TextInput::new(field, "")));
    let field = Field::new(&t, "more-detail", "Can you provide more detail?");
    let ours = Textarea::new(&t, field, "", 5, 10).limit("You can enter up to 10 characters");
    assert_same("character-count", "default", &plain(ours));
}

#[test]
fn what_was_typed_is_kept_and_cannot_end_its_box() {
    let t = t();
    let html = Textarea::new(&t, Field::new(&t, "w", "Words"), "</textarea><script>", 5, 10).to_string();
    assert_eq!(html.matches("</textarea>").count(), 1);
    let html = TextInput::new(Field::new(&t, "w", "Words"), "\"><b>").to_string();
    assert!(!html.contains("<b>") && html.contains("&#62;"), "{html}");
    let html = TextInput::new(Field::new(&t, "w", "Words"), "secret")
        .kind("password")
        .to_string();
    assert!(!html.contains("secret"), "a password is never sent back");
}

#[test]
fn choices_as_published() {
    let t = t();
    let field = Field::new(&t, "example-default", "Have you changed your name?");
    let items = vec![Choice::new("yes", "Yes"), Choice::new("no", "No")];
    assert_same("radios", "default", &plain(Radios::new(field, items, &[])));
    let field = Field::new(&t, "nationality", "What is your nationality?");
    let items = vec![
        Choice::new("british", "British"),
        Choice::new("irish", "Irish"),
        Choice::new("other", "Citizen of another country"),
    ];
    assert_same(
        "checkboxes",
        "default",
        &plain(Checkboxes::new(field, items, &[])),
    );
    let field = Field::new(&t, "select-1", "Label text goes here");
    let items = (1..=3)
        .map(|n| Choice::new(n.to_string(), format!("GOV.UK frontend option {n}")))
        .collect();
    let ours = plain(Select::new(field, items, "2")).replace("value=\"3\">", "value=\"3\" disabled>");
    assert_same("select", "default", &ours);
}

#[test]
fn an_error_on_radios_links_to_the_first_answer() {
    let t = t();
    let errors = vec![("safe".to_owned(), "Select yes".to_owned())];
    let field = Field::new(&t, "safe", "Safe?").errors(&errors);
    let html = Radios::new(
        field,
        vec![Choice::new("yes", "Yes"), Choice::new("no", "No")],
        &["no"],
    )
    .to_string();
    assert!(
        html.contains("id=\"safe\"")
            && html.contains("id=\"safe-2\"")
            && html.contains("aria-describedby=\"safe-error\"")
    );
    assert_eq!(html.matches(" checked").count(), 1);
}

#[test]
fn dates_as_published() {
    let t = t();
    let errors = vec![("dob-errors".to_owned(), "Error message goes here".to_owned())];
    let field = Field::new(&t, "dob-errors", "What is your date of birth?")
        .hint("For example, 31 3 1980")
        .errors(&errors);
    let ours = plain(DateInput::new(&t, field, ["", "", ""])).replace("name=\"dob-errors-", "name=\"");
    let ours = ours
        .replace(
            "govuk-input--width-2 govuk-input--error",
            "govuk-input--error govuk-input--width-2",
        )
        .replace(
            "govuk-input--width-4 govuk-input--error",
            "govuk-input--error govuk-input--width-4",
        );
    assert_same("date-input", "with error message and hint", &ours);
}

#[test]
fn words_as_published() {
    let t = t();
    let text = "It can take up to 8 weeks to register a lasting power of attorney if there are no mistakes in the application.";
    assert_same("inset-text", "default", &Inset::new(text).to_string());
    let text = "You can be fined up to £5,000 if you don’t register.";
    assert_same("warning-text", "default", &Warning::new(&t, text).to_string());
    let text = "We need to know your nationality so we can work out which elections you’re entitled to vote in. If you can’t provide your nationality, you’ll have to send copies of identity documents through the post.";
    assert_same(
        "details",
        "default",
        &Details::new("Help with nationality", text).to_string(),
    );
    assert_same("tag", "grey", &Tag::new("Grey", "grey").to_string());
    let ours = Panel::new("Application complete", "Your reference numberHDJ2123F").to_string();
    let ours = ours.replace("numberHDJ2123F", "number<br><strong>HDJ2123F</strong>");
    assert_same("panel", "default", &ours);
}

#[test]
fn lists_as_published() {
    let t = t();
    let page = |number: usize| match number {
        1 => "/page/1".to_owned(),
        2 => "/page/2".to_owned(),
        _ => "/page/3".to_owned(),
    };
    let mut ours = Pagination::new(&t, 2, 3, page);
    ours.label = "Pagination".to_owned();
    ours.previous = Some("/previous".to_owned());
    ours.next = Some("/next".to_owned());
    assert_same("pagination", "default", &ours.to_string());
    assert_eq!(
        Pagination::new(&t, 1, 1, page).to_string().trim(),
        "",
        "one page needs no links"
    );
    let tag = || Status::Tagged(Tag::new("Incomplete", "blue"));
    let items = vec![
        (
            "Company Directors".to_owned(),
            "#".to_owned(),
            Status::Plain("Completed".to_owned()),
        ),
        ("Registered company details".to_owned(), "#".to_owned(), tag()),
        ("Business plan".to_owned(), "#".to_owned(), tag()),
    ];
    assert_same("task-list", "default", &TaskList { items }.to_string());
}

#[test]
fn tables_as_published() {
    let head = [
        ("Month you apply", false),
        ("Rate for bicycles", true),
        ("Rate for vehicles", true),
    ];
    let mut ours = Table::new(
        "Caption 1: Months and rates",
        head.map(|(text, n)| (text.to_owned(), n)).to_vec(),
    );
    for row in [
        ["January", "£85", "£95"],
        ["February", "£75", "£55"],
        ["March", "£165", "£125"],
    ] {
        ours.push(row.map(Html::from).to_vec());
    }
    assert_same("table", "with head and caption", &ours.to_string());
}

#[test]
fn a_missing_fact_is_said() {
    let t = t();
    let html = SummaryList::new()
        .maybe(&t, "Address", None)
        .row("Name", "A")
        .change("/x", "Change", "name")
        .to_string();
    assert!(html.contains("Not recorded") && html.contains("govuk-summary-list__row--no-actions"));
    assert!(normal(&html).contains("Change\n<span class=\"govuk-visually-hidden\">\nname\n</span>"));
}

#[test]
fn leaving_needs_no_script() {
    let t = t();
    let html = ExitPage::new(&t, "secret", Some("/report/worry")).to_string();
    assert!(html.contains("method=\"post\" action=\"/exit\"") && html.contains("value=\"secret\""));
    assert!(!html.contains("style=") && !html.contains("onclick"));
}

#[test]
fn chips_change_and_remove_by_post() {
    let t = t();
    let chip = Chip {
        kind: "child".into(),
        role: "child-at-risk".into(),
        what: "<T>".into(),
        more: "13".into(),
    };
    let html = Chips::new(&t, vec![chip.clone()]).to_string();
    assert!(
        html.contains("value=\"change-0\"") && html.contains("value=\"remove-0\"") && !html.contains("<T>")
    );
    let html = Chips::new(&t, vec![chip]).editing(Some(0)).to_string();
    assert!(html.contains("name=\"editing\" value=\"0\"") && html.contains("Save the change"));
    assert!(
        Chips::new(&t, Vec::new()).editing(Some(7)).editing.is_none(),
        "out of range changes nothing"
    );
}

#[test]
fn a_clock_is_words_first() {
    let t = t();
    let when = When::london(&t, "2026-11-24T09:42:00Z".parse().unwrap());
    let words = when.clock(
        "2026-11-23T12:00:00Z".parse().unwrap(),
        "2026-11-24T12:00:00Z".parse().unwrap(),
        false,
    );
    insta::assert_snapshot!(normal(&ClockCell::new(words).to_string()));
}

fn story() -> Story {
    let at = |text: &str| text.parse().unwrap();
    Story {
        title: "When each agency recorded and read 1 fact".into(),
        message: "Fact A waited 4 days.".into(),
        lanes: vec![
            ("School".into(), "Northmere Academy".into()),
            ("Housing".into(), "Northmere Housing".into()),
        ],
        from: at("2026-11-18T09:00:00Z"),
        marks: vec![
            Mark {
                lane: 0,
                at: at("2026-11-19T09:00:00Z"),
                letter: 'A',
                state: State::Recorded,
            },
            Mark {
                lane: 0,
                at: at("2026-11-19T09:05:00Z"),
                letter: 'B',
                state: State::Recorded,
            },
            Mark {
                lane: 1,
                at: at("2026-11-24T09:00:00Z"),
                letter: 'A',
                state: State::Unread,
            },
        ],
        waits: vec![Wait {
            lane: 1,
            from: at("2026-11-19T10:00:00Z"),
            to: at("2026-11-24T09:42:00Z"),
            words: "4 days waiting".into(),
        }],
        sent: vec![Sent {
            from: 0,
            to: 1,
            at: at("2026-11-19T10:00:00Z"),
            unread: true,
        }],
    }
}

#[test]
fn the_chart_has_a_name_no_style_and_marks_apart() {
    let t = t();
    let when = When::london(&t, "2026-11-24T09:42:00Z".parse().unwrap());
    let html = Swimlane::new(&when, &story()).to_string();
    assert!(!html.contains("style=") && html.contains("<title id=\"chart-title\">"));
    assert!(html.contains("4 days waiting") && html.contains("Wed 18 Nov"));
    insta::assert_snapshot!(normal(&html));
}
