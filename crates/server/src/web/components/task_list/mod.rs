//! Work in steps, each with its state.

use askama::Template;

use super::tag::Tag;

/// GOV.UK Task list.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "components/task_list/template.html")]
pub struct TaskList {
    /// Title, address, plain state or tag.
    pub items: Vec<(String, String, Status)>,
}

/// How far a task is.
#[derive(Clone, Debug)]
pub enum Status {
    /// Done: plain words.
    Plain(String),
    /// Anything else: a tag.
    Tagged(Tag),
}

impl askama::filters::HtmlSafe for TaskList {}
