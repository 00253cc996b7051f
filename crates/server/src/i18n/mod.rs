//! Every word a person reads comes from here: Fluent messages under `locales/`, one folder
//! a language. Pages hold a `&Texts` and ask it for messages by key; a test checks that
//! each key asked for exists and that each that exists is asked for.

use std::fmt;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

#[cfg(test)]
mod tests;

/// The English messages, one file for each part of the site.
pub const ENGLISH: &[&str] = &[
    include_str!("../../locales/en/amend.ftl"),
    include_str!("../../locales/en/components.ftl"),
    include_str!("../../locales/en/format.ftl"),
    include_str!("../../locales/en/report.ftl"),
    include_str!("../../locales/en/duties.ftl"),
    include_str!("../../locales/en/concern.ftl"),
    include_str!("../../locales/en/account.ftl"),
    include_str!("../../locales/en/public.ftl"),
    include_str!("../../locales/en/codes.ftl"),
    include_str!("../../locales/en/inspection.ftl"),
    include_str!("../../locales/en/letting.ftl"),
    include_str!("../../locales/en/unsent.ftl"),
];

/// Why a language could not be loaded. It names the message, never what it would have held.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum TextError {
    /// The language tag is not a BCP 47 identifier.
    #[error("{0} is not a language tag")]
    Tag(String),
    /// A file does not parse as Fluent.
    #[error("a message file does not parse: {0}")]
    Syntax(String),
    /// Two files define one message.
    #[error("a message is defined twice: {0}")]
    Twice(String),
}

/// The messages of one language.
pub struct Texts {
    bundle: FluentBundle<FluentResource>,
    lang: String,
}

impl fmt::Debug for Texts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Texts")
            .field("lang", &self.lang)
            .finish_non_exhaustive()
    }
}

impl Texts {
    /// English, the language every message exists in.
    ///
    /// # Errors
    /// [`TextError`] when a message file is not valid Fluent.
    pub fn english() -> Result<Self, TextError> {
        Self::from_sources("en-GB", ENGLISH.iter().map(|source| (*source).to_owned()))
    }

    /// Build a language from the text of its message files.
    ///
    /// # Errors
    /// [`TextError`] when the tag or a file is not valid, or a message is defined twice.
    pub fn from_sources(lang: &str, sources: impl IntoIterator<Item = String>) -> Result<Self, TextError> {
        let tag: LanguageIdentifier = lang.parse().map_err(|_| TextError::Tag(lang.to_owned()))?;
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        // Isolation marks would be read out by some screen readers and copied into other systems;
        // direction-changing characters are refused where text comes in.
        bundle.set_use_isolating(false);
        for source in sources {
            let resource = FluentResource::try_new(source).map_err(|(_, errors)| {
                TextError::Syntax(errors.first().map(ToString::to_string).unwrap_or_default())
            })?;
            bundle.add_resource(resource).map_err(|errors| {
                TextError::Twice(errors.first().map(ToString::to_string).unwrap_or_default())
            })?;
        }
        let lang = lang.split('-').next().unwrap_or(lang).to_owned();
        Ok(Self { bundle, lang })
    }

    /// The value for the page's `lang` attribute.
    #[must_use]
    pub fn lang(&self) -> &str {
        &self.lang
    }

    /// A message without arguments.
    #[must_use]
    pub fn get(&self, key: &str) -> String {
        self.format(key, &FluentArgs::new())
    }

    /// A message with arguments: `t.msg("duties-count").n("count", 3)`.
    #[must_use]
    pub fn msg<'a>(&'a self, key: &'a str) -> Message<'a> {
        Message {
            texts: self,
            key: key.to_owned(),
            args: FluentArgs::new(),
        }
    }

    /// The words for a code from a closed list: `t.code("outcome", "assessment")` is the
    /// message `outcome-assessment`. A code without words shows as the code itself.
    #[must_use]
    pub fn code(&self, family: &str, code: &str) -> String {
        let key = format!("{family}-{}", code.replace('_', "-"));
        if self.bundle.has_message(&key) {
            self.get(&key)
        } else {
            code.replace(['-', '_'], " ")
        }
    }

    /// Whether a message exists.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.bundle.has_message(key)
    }

    fn format(&self, key: &str, args: &FluentArgs<'_>) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            return format!("[{key}]");
        };
        let mut errors = Vec::new();
        self.bundle
            .format_pattern(pattern, Some(args), &mut errors)
            .into_owned()
    }
}

/// A message being given its arguments. It shows as text; [`Message::html`] shows the few
/// marks a message may hold.
pub struct Message<'a> {
    texts: &'a Texts,
    key: String,
    args: FluentArgs<'a>,
}

impl fmt::Debug for Message<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Message")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

impl Message<'_> {
    /// Give a text argument.
    #[must_use]
    pub fn arg(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.args.set(name.to_owned(), value.to_string());
        self
    }

    /// Give a number, which also chooses the plural.
    #[must_use]
    pub fn n(mut self, name: &str, value: impl Into<FluentValue<'static>>) -> Self {
        self.args.set(name.to_owned(), value.into());
        self
    }

    /// Give a number written with commas: 5,000.
    #[must_use]
    pub fn grouped(self, name: &str, value: usize) -> Self {
        let digits = value.to_string();
        let mut shown = String::new();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                shown.push(',');
            }
            shown.push(digit);
        }
        self.arg(name, shown)
    }

    /// The message as plain text.
    #[must_use]
    pub fn text(&self) -> String {
        self.texts.format(&self.key, &self.args)
    }

    /// The message as HTML. Arguments are escaped; the message itself may use `<b>`, `<n>`
    /// (keep on one line), `<br>`, and `<a>` or `<a2>`, links to the arguments `href` and `href2`.
    #[must_use]
    pub fn html(&self) -> Html {
        let mut escaped = FluentArgs::new();
        let mut links = [String::new(), String::new()];
        for (name, value) in self.args.iter() {
            match value {
                FluentValue::String(text) => {
                    let safe = escape(text);
                    match name {
                        "href" => links[0].clone_from(&safe),
                        "href2" => links[1].clone_from(&safe),
                        _ => {}
                    }
                    escaped.set(name.to_owned(), safe);
                }
                other => escaped.set(name.to_owned(), other.clone().into_owned()),
            }
        }
        let mut text = self.texts.format(&self.key, &escaped);
        for (mark, link) in ["a", "a2"].iter().zip(&links) {
            let open = format!("<a class=\"govuk-link govuk-link--no-visited-state\" href=\"{link}\">");
            text = text
                .replace(&format!("<{mark}>"), &open)
                .replace(&format!("</{mark}>"), "</a>");
        }
        let text = text
            .replace("<b>", "<strong>")
            .replace("</b>", "</strong>")
            .replace("<n>", "<span class=\"app-nowrap\">")
            .replace("</n>", "</span>");
        Html(text)
    }
}

impl fmt::Display for Message<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text())
    }
}

/// Text that is HTML already: every value in it has been escaped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// Escape plain text.
    #[must_use]
    pub fn escaped(text: &str) -> Self {
        Self(escape(text))
    }

    /// What a template rendered. Only for the output of our own templates.
    #[must_use]
    pub fn rendered(template: &impl askama::Template) -> Self {
        Self(template.render().unwrap_or_default())
    }

    /// The HTML.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Put several pieces one after another.
    #[must_use]
    pub fn join(pieces: impl IntoIterator<Item = Self>, between: &str) -> Self {
        let pieces: Vec<String> = pieces.into_iter().map(|piece| piece.0).collect();
        Self(pieces.join(&escape(between)))
    }
}

impl fmt::Display for Html {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for Html {}

impl From<String> for Html {
    fn from(text: String) -> Self {
        Self(escape(&text))
    }
}

impl From<&str> for Html {
    fn from(text: &str) -> Self {
        Self(escape(text))
    }
}

/// Escape text for HTML content and quoted attributes.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}
