//! The page a person sees when something could not be done. It holds no secret and nothing of the request, so that
//! the same error is the same bytes for everyone.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};

use super::Error;
use crate::app::App;

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{{ title }}</title>
</head>
<body>
<p>If someone is in danger now, ring <a href="tel:999">999</a>.</p>
<main>
<h1>{{ title }}</h1>
<p>{{ text }}</p>
<h2>Ring us</h2>
<ul>
<li>By day: {{ day }}</li>
<li>Nights and weekends: {{ night }}</li>
</ul>
<p><a href="/">{{ agency }}</a></p>
</main>
</body>
</html>
"#
)]
struct Page<'a> {
    title: &'static str,
    text: &'static str,
    agency: &'a str,
    day: &'a str,
    night: &'a str,
}

/// What it is called and what to do, in plain words.
const fn words(error: &Error) -> (&'static str, &'static str) {
    match error {
        Error::NotFound | Error::Method => (
            "Page not found",
            "There is nothing at this address. Check that it was typed or pasted whole.",
        ),
        Error::SignIn | Error::SetUp | Error::ChoosePost | Error::Scope => {
            ("Sign in", "You need to sign in to see this page.")
        }
        Error::CrossSite | Error::StaleForm => (
            "This page is out of date",
            "Nothing was sent. Go back, load the page again, and send it once more.",
        ),
        Error::Malformed | Error::Invalid(_) | Error::Unsupported | Error::KeyReused => (
            "This could not be read",
            "Nothing was sent. Go back and try again.",
        ),
        Error::TooLarge => (
            "This is too long to send at once",
            "Nothing was sent. Go back, shorten it, and send the rest afterwards. Or ring us.",
        ),
        Error::TooMany { .. } => (
            "We cannot take this on this page just now",
            "Nothing was sent, because very many reports have come from your network or to us in the last few minutes. \
             What you want to tell us still matters. Ring us now, or try again in a few minutes.",
        ),
        Error::Refused { .. } => (
            "This cannot be done",
            "Nothing was recorded. Go back and read what stands in the way.",
        ),
        Error::Moved => (
            "Something new has happened",
            "Nothing was sent. Go back, load the page again and read what is new before you decide.",
        ),
        Error::Busy => (
            "This is taking too long",
            "Nothing was sent. Go back and press the button again.",
        ),
        Error::Unknown => (
            "We do not know whether this arrived",
            "Go back and press the button again. It will not be filed twice.",
        ),
        Error::Internal => (
            "Something went wrong here",
            "Try again in a few minutes, or ring us.",
        ),
    }
}

/// The page for `error`.
pub(super) fn respond(error: &Error, app: &App) -> Response {
    let (title, text) = words(error);
    let agency = app.node().agency();
    let page = Page {
        title,
        text,
        agency: &agency.name,
        day: &agency.day_phone,
        night: &agency.night_phone,
    };
    let body = page.render().unwrap_or_else(|_| format!("{title}. {text}"));
    (error.status(), Html(body)).into_response()
}
