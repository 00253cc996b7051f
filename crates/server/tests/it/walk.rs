//! People at the pages, as a browser without script would be: links, forms and cookies only.

use std::collections::BTreeMap;

use axum::http::{StatusCode, header};

use crate::bench::{Answer, Bench};

/// A browser: its cookies and the last page.
pub struct Visitor<'b> {
    bench: &'b Bench,
    cookies: BTreeMap<String, String>,
    pub at: String,
    pub page: Answer,
}

impl<'b> Visitor<'b> {
    pub async fn open(bench: &'b Bench, path: &str) -> Self {
        let page = bench.get(path, &[]).await;
        let mut visitor = Self {
            bench,
            cookies: BTreeMap::new(),
            at: path.to_owned(),
            page,
        };
        visitor.settle().await;
        visitor
    }

    fn cookie_line(&self) -> String {
        self.cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect::<Vec<_>>()
            .join("; ")
    }

    fn keep(&mut self) {
        for line in self.page.headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            if line.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// Keeps cookies and follows where the answer leads.
    async fn settle(&mut self) {
        self.keep();
        while self.page.status.is_redirection() {
            let to = self.page.headers[header::LOCATION].to_str().unwrap().to_owned();
            self.page = self.bench.get(&to, &[("cookie", &self.cookie_line())]).await;
            self.at = to;
            self.keep();
        }
    }

    pub async fn go(&mut self, path: &str) {
        self.page = self.bench.get(path, &[("cookie", &self.cookie_line())]).await;
        self.at = path.to_owned();
        self.settle().await;
    }

    pub fn value_of(&self, name: &str) -> String {
        let marker = format!("name=\"{name}\" value=\"");
        let found = self.page.body.split(&marker).nth(1);
        found
            .unwrap_or_else(|| panic!("no {name} on {}:\n{}", self.at, self.page.body))
            .split('"')
            .next()
            .unwrap()
            .to_owned()
    }

    /// Fills in and sends a form of this page.
    pub async fn send(&mut self, path: &str, fields: &[(&str, &str)]) {
        let csrf = self.value_of("csrf");
        let fields: Vec<_> = std::iter::once(("csrf", csrf.as_str()))
            .chain(fields.iter().copied())
            .collect();
        self.send_as_is(path, &fields).await;
    }

    /// Sends a form with these fields and no other.
    pub async fn send_as_is(&mut self, path: &str, fields: &[(&str, &str)]) {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        self.page = self
            .bench
            .post(path, &form.finish(), &[("cookie", &self.cookie_line())])
            .await;
        self.at = path.to_owned();
        self.settle().await;
    }

    /// Sends a form of this page with a file in it.
    pub async fn upload(&mut self, path: &str, fields: &[(&str, &str)], file: Option<&[u8]>) {
        let mut body = Vec::new();
        let csrf = self.value_of("csrf");
        let fields = std::iter::once(("csrf", csrf.as_str())).chain(fields.iter().copied());
        for (name, value) in fields {
            let part =
                format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend(part.into_bytes());
        }
        let kind = "Content-Disposition: form-data; name=\"file\"; filename=\"document.txt\"";
        body.extend(format!("--edge\r\n{kind}\r\n\r\n").into_bytes());
        body.extend(file.unwrap_or_default());
        body.extend(b"\r\n--edge--\r\n");
        let headers = [
            ("content-type", "multipart/form-data; boundary=edge"),
            ("cookie", &self.cookie_line()),
        ];
        self.page = self.bench.post_as(path, body, &headers).await;
        self.at = path.to_owned();
        self.settle().await;
    }

    pub fn shows(&self, words: &str) -> bool {
        self.page.body.contains(words)
    }
}

/// Signs somebody in by their invitation.
pub async fn signed_in<'b>(bench: &'b Bench, name: &str, post: &str) -> Visitor<'b> {
    let who = bench.person(name, post).await;
    bench
        .app
        .sign_in()
        .open_account(who, &format!("{name}@northmere.example"))
        .await
        .unwrap();
    let invitation = bench.app.sign_in().invite(who).await.unwrap();
    let path = format!("/invite/{}", invitation.token.reveal());
    let mut visitor = Visitor::open(bench, &path).await;
    visitor.send(&path, &[]).await;
    visitor
}

async fn demo() -> Bench {
    Bench::with(|settings| settings.demo = true).await
}

/// Answers every question and sends.
pub async fn report(visitor: &mut Visitor<'_>, keep: &str) {
    visitor
        .send(
            "/q/1",
            &[(
                "worry",
                "She has missed four afternoons. A man waited at the gate.",
            )],
        )
        .await;
    assert_eq!(visitor.at, "/q/2", "{}", visitor.page.body);
    visitor.send("/q/2", &[("safe", "yes")]).await;
    assert_eq!(visitor.at, "/q/3");
    let chip = [
        ("do", "add"),
        ("add-kind", "child"),
        ("add-role", "child-at-risk"),
        ("add-what", "Tegan Marlow"),
        ("add-more", "13"),
    ];
    visitor.send("/q/3", &chip).await;
    assert!(visitor.at == "/q/3" && visitor.shows("Tegan Marlow"));
    visitor.send("/q/3", &[("colleague", "no")]).await;
    visitor.send("/q/4", &[("know", "do-not-know")]).await;
    visitor.send("/q/5", &[("reach", "none")]).await;
    visitor
        .send("/q/keep", &[("keep", keep), ("word", "kestrel")])
        .await;
    assert_eq!(visitor.at, "/q/check", "{}", visitor.page.body);
    visitor.send("/q/send", &[]).await;
    assert_eq!(visitor.at, "/q/sent", "{}", visitor.page.body);
}

pub fn code_on(visitor: &Visitor<'_>) -> String {
    let body = &visitor.page.body;
    body.split("class=\"app-code\">")
        .nth(1)
        .unwrap()
        .split('<')
        .next()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn a_report_is_sent_and_opens_with_code_and_word_only() {
    let bench = demo().await;
    let mut visitor = Visitor::open(&bench, "/q/1").await;
    report(&mut visitor, "yes").await;
    assert!(visitor.shows("We have what you told us") && visitor.shows("Short receipt"));
    let code = code_on(&visitor);
    visitor.go("/q/sent").await;
    assert!(!visitor.shows(&code), "the code is shown once");
    assert!(
        !visitor.shows("Tegan") && !visitor.shows("afternoons"),
        "none of the words"
    );

    let mut other = Visitor::open(&bench, "/back").await;
    other.send("/back", &[("code", &code), ("word", "wrong")]).await;
    let wrong = other.page.body.replace(&other.value_of("csrf"), "");
    assert_eq!(other.page.status, StatusCode::UNPROCESSABLE_ENTITY);
    other
        .send("/back", &[("code", "ZZZ ZZZ"), ("word", "kestrel")])
        .await;
    let unknown = other.page.body.replace(&other.value_of("csrf"), "");
    assert_eq!(
        strip_padding(&wrong),
        strip_padding(&unknown),
        "a wrong word and a wrong code look alike"
    );
    other.send("/back", &[("code", &code), ("word", "kestrel")]).await;
    assert_eq!(other.at, "/progress", "{}", other.page.body);
    assert!(other.shows("Received") && !other.shows("Tegan") && !other.shows("afternoons"));
    other.send("/back/add", &[("words", "The plate ends 7KD")]).await;
    assert!(other.shows("Added.") && !other.shows("7KD"));
    other.send("/back/off", &[]).await;
    assert!(other.shows("it is off now"));
    other.send("/back", &[("code", &code), ("word", "kestrel")]).await;
    assert_eq!(
        other.page.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "after switching off, the code is like a wrong one"
    );
}

/// Pages are padded by a random length in a comment, and hold two masked tokens.
fn strip_padding(body: &str) -> String {
    let body = body.split("<!--").next().unwrap_or_default();
    let mut out = String::new();
    for part in body.split("name=\"csrf\" value=\"") {
        out.push_str(
            part.split_once('"')
                .map_or(part, |(token, rest)| if token.len() > 60 { rest } else { part }),
        );
    }
    out
}

#[tokio::test]
async fn nothing_to_keep_shows_no_reference_and_exit_forgets_everything() {
    let bench = demo().await;
    let mut visitor = Visitor::open(&bench, "/q/1").await;
    visitor.send("/q/1", &[("worry", "Two lines about home")]).await;
    visitor.send("/exit", &[]).await;
    assert!(visitor.page.headers.contains_key("clear-site-data"));
    visitor.go("/q/1").await;
    assert!(
        !visitor.shows("Two lines about home"),
        "Back shows an empty first page"
    );
    visitor.go("/q/4").await;
    assert_eq!(visitor.at, "/q/1", "nobody is sent past a question");
    report(&mut visitor, "no").await;
    assert!(visitor.shows("Nothing to save, nothing to print") && !visitor.shows("NM-"));
}

#[tokio::test]
async fn what_is_wrong_is_said_and_what_was_typed_is_kept() {
    let bench = demo().await;
    let mut visitor = Visitor::open(&bench, "/q/1").await;
    visitor.send("/q/1", &[("worry", "   ")]).await;
    assert!(
        visitor.at == "/q/1"
            && visitor.shows("There is a problem")
            && visitor.shows("<title>Error: Question 1 of 5")
    );
    let long = "a".repeat(5_010);
    visitor.send("/q/1", &[("worry", &long)]).await;
    assert!(visitor.shows(&long) && visitor.shows("10 characters too long"));
}

#[tokio::test]
async fn in_their_work_one_page_keeps_everything_and_gives_the_full_receipt() {
    let bench = demo().await;
    let mut visitor = Visitor::open(&bench, "/work").await;
    let once = visitor.value_of("once");
    let mut fields = vec![
        ("once", once.as_str()),
        ("worry", "Pasted from notes."),
        ("safe", "yes"),
        ("colleague", "no"),
        ("know", "unknown"),
        ("name", "Osian Trevarth"),
        ("role", "Year 9 lead"),
        ("org", "Northmere Academy"),
    ];
    visitor.send("/work", &fields).await;
    assert!(visitor.shows("Write how to reach you at work") && visitor.shows("Pasted from notes."));
    fields.push(("contact", "01632 960 017"));
    fields.push(("do", "send"));
    visitor.send("/work", &fields).await;
    assert!(
        visitor.at == "/q/sent" && visitor.shows("Full receipt, with your words"),
        "{}",
        visitor.page.body
    );
}

#[tokio::test]
async fn the_hub_sees_the_duty_opens_the_concern_and_decides() {
    let bench = demo().await;
    let mut public = Visitor::open(&bench, "/q/1").await;
    let mut hub = signed_in(&bench, "Priya Nair", "northmere/hub").await;
    assert_eq!(hub.at, "/duties", "{}", hub.page.body);
    report(&mut public, "yes").await;
    hub.go("/duties").await;
    assert!(
        hub.shows("T.M., aged 13") && !hub.shows("Tegan"),
        "lists show initials:\n{}",
        hub.page.body
    );
    let link = hub
        .page
        .body
        .split("href=\"/concerns/")
        .nth(1)
        .unwrap()
        .split('/')
        .next()
        .unwrap()
        .to_owned();
    hub.go(&format!("/concerns/{link}")).await;
    assert!(hub.shows("missed four afternoons") && hub.shows("A member of the public"));
    assert!(
        !hub.shows("<title>Summary, concern")
            || !hub.page.body.split("</title>").next().unwrap().contains("Tegan")
    );
    for page in ["timeline", "people", "decide", "reporter", "proof/1"] {
        hub.go(&format!("/concerns/{link}/{page}")).await;
        assert_eq!(hub.page.status, StatusCode::OK, "{page}: {}", hub.page.body);
    }
    hub.go(&format!("/concerns/{link}/decide")).await;
    let handle = hub
        .page
        .body
        .split("name=\"outcome-")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    let (outcome, reason) = (format!("outcome-{handle}"), format!("reason-{handle}"));
    let seen = hub.value_of("seen");
    hub.send(
        &format!("/concerns/{link}/decide"),
        &[(&outcome, "assessment"), ("seen", &seen)],
    )
    .await;
    assert!(hub.shows("Write why, for"), "a decision has a reason");
    let fields = [
        (outcome.as_str(), "assessment"),
        (reason.as_str(), "What the school saw."),
        ("seen", &seen),
    ];
    hub.send(&format!("/concerns/{link}/decide"), &fields).await;
    assert!(hub.shows("The decision is recorded"), "{}", hub.page.body);
}

#[tokio::test]
async fn what_was_told_starts_the_clock_when_told() {
    let bench = demo().await;
    let mut hub = signed_in(&bench, "Priya Nair", "northmere/hub").await;
    hub.go("/record").await;
    let once = hub.value_of("once");
    let fields = [
        ("once", once.as_str()),
        ("worry", "She does not know who he is."),
        ("safe", "yes"),
        ("colleague", "no"),
        ("know", "unknown"),
        ("how", "telephone"),
        ("who", "Carys Holtby, aunt"),
        ("kind", "private"),
        ("told-day", "30"),
        ("told-month", "11"),
        ("told-year", "2026"),
        ("told-time", "7:10am"),
        ("receipt", "no"),
        ("do", "send"),
    ];
    hub.send("/record", &fields).await;
    assert!(
        hub.at.starts_with("/record/done") && hub.shows("NM-"),
        "{}",
        hub.page.body
    );
    assert!(
        hub.shows("7:10am tomorrow"),
        "due at the same time of day on the next working day:\n{}",
        hub.page.body
    );
}

#[tokio::test]
async fn what_is_not_there_and_what_may_not_be_known_are_the_same_bytes() {
    let bench = demo().await;
    let mut public = Visitor::open(&bench, "/q/1").await;
    report(&mut public, "yes").await;
    let reference = public
        .page
        .body
        .split("NM-")
        .nth(1)
        .unwrap()
        .split('<')
        .next()
        .unwrap()
        .to_owned();
    let mut operator = signed_in(&bench, "Ola Reed", "northmere/director").await;
    operator.go(&format!("/concerns/NM-{reference}")).await;
    let hidden = (operator.page.status, operator.page.body.clone());
    operator.go("/concerns/NM-0000-0000").await;
    assert_eq!(hidden.0, StatusCode::NOT_FOUND);
    assert_eq!(strip_padding(&hidden.1), strip_padding(&operator.page.body));
}
