//! Examples of the pages about one concern.

use jiff::Timestamp;
use server::web::components::swimlane::{Mark, Sent, State, Story as Chart, Swimlane, Wait};
use server::web::components::timeline::Entry;
use server::web::concern::amend::{Amend, Page as Amended};
use server::web::concern::decide::{Child, Decide, Outcome as Choice, Second};
use server::web::concern::head::Head;
use server::web::concern::keeping::{Given as KeepingGiven, Keeping, Kept, NotHere};
use server::web::concern::list::{Concerns, Line};
use server::web::concern::people::{People, Person};
use server::web::concern::proof::{Outcome, Proof};
use server::web::concern::restriction::Restriction;
use server::web::concern::summary::{Paragraph, Summary, lines as paragraphs};
use server::web::concern::tell::Tell;
use server::web::concern::timeline::{Knew, Story};
use server::web::format::When;

use super::duties::{clock, lines};
use super::{Drawn, Ex, draw};

fn head<'a>(ex: &Ex<'a>) -> Head<'a> {
    Head {
        t: ex.t,
        reference: ex.d("NM-7K4X-29QD"),
        who: ex.d("R.K., aged 14"),
        day: Some(22),
        with: ex.d("Priya Nair"),
        tonight: Some((ex.d("emergency duty team"), ex.d("01632 960 000"))),
        unaccepted: Some((ex.d("the emergency duty team"), ex.d("4:56pm today"))),
        restricted: true,
        may_decide: true,
        may_tell: true,
        may_add: true,
        may_keep: true,
        may_restrict: true,
    }
}

fn summary<'a>(ex: &Ex<'a>) -> Summary<'a> {
    let t = ex.t;
    let said = |by: String, words: &str, shown| Paragraph {
        by,
        when: ex.d("4:56pm, Friday 27 November 2026"),
        nature: t.code("nature", "reported"),
        words: ex.d(words),
        shown,
    };
    Summary {
        shell: ex.staff(head(ex).title(&t.get("concern-summary")), "/concerns"),
        t,
        head: head(ex),
        facts: vec![
            (t.get("concern-told"), ex.d("4:50pm, Friday 27 November 2026")),
            (t.get("concern-reported-by"), t.get("concern-member-of-public")),
            (
                t.get("concern-restarts"),
                t.msg("concern-restarts-count").n("count", 1).text(),
            ),
        ],
        said: vec![
            said(
                t.get("concern-member-of-public"),
                "She has missed four afternoons.\n\nA man waited at the side gate.",
                true,
            ),
            Paragraph {
                words: t.get("concern-words-held"),
                ..said(ex.d("Eastmarch Health"), "", false)
            },
        ],
        duties: lines(ex),
        children: vec![(ex.d("R.K., 14"), t.get("concern-not-decided"))],
        purpose: t.code("purpose", "my-duty"),
        message: Some((false, t.get("concern-moved"))),
        adding: String::new(),
        nature: "reported".into(),
        disagreeing: String::new(),
        seen: 14,
        may_disagree: true,
        amends: vec![Amend::Family, Amend::Again, Amend::Label],
    }
}

fn people<'a>(ex: &Ex<'a>) -> People<'a> {
    let person = |kind: &str, name: &str, not_about| Person {
        kind: kind.into(),
        name: if name.is_empty() {
            String::new()
        } else {
            ex.d(name)
        },
        role: ex.t.code("role", "child-at-risk"),
        said_by: ex.d("Northmere Academy, 27 November 2026"),
        details: vec![(ex.d("Age"), ex.d("14"))],
        put_right: Some("/concerns/NM-7K4X-29QD/amend/family".into()),
        not_about,
    };
    People {
        shell: ex.staff(head(ex).title(&ex.t.get("concern-people")), "/concerns"),
        t: ex.t,
        head: head(ex),
        people: vec![
            person("child", "Rowan Kestle", false),
            person("vehicle", "Grey van, ends 7KD", false),
            person("adult", "", true),
        ],
    }
}

fn concerns<'a>(ex: &Ex<'a>) -> Concerns<'a> {
    let line = |reference: &str, who: &str, mark| Line {
        reference: ex.d(reference),
        who: ex.d(who),
        told: ex.d("4:50pm today"),
        with: ex.d("Decision-maker in the hub"),
        open: ex.t.msg("concerns-open-count").n("count", 2).text(),
        mark,
    };
    Concerns {
        shell: ex.staff(ex.t.get("concerns-title"), "/concerns").errors(&vec![(
            "reference".to_owned(),
            ex.t.get("concerns-reference-error"),
        )]),
        t: ex.t,
        lines: vec![
            line("NM-7K4X-29QD", "R.K., aged 14", Some("urgent")),
            line("NM-3DY9-874C", "O.F., aged 5", None),
            line("NM-GKPE-031D", "K.D., aged 14", Some("restricted")),
        ],
        older: Some("/concerns?after=0-00".into()),
        first: false,
        typed: ex.d("NM 7K"),
    }
}

fn concerns_none<'a>(ex: &Ex<'a>) -> Concerns<'a> {
    Concerns {
        shell: ex.staff(ex.t.get("concerns-title"), "/concerns"),
        t: ex.t,
        lines: Vec::new(),
        older: None,
        first: true,
        typed: String::new(),
    }
}

fn keeping<'a>(ex: &Ex<'a>, some: bool) -> Keeping<'a> {
    let (t, title) = (ex.t, head(ex).title(&ex.t.get("keeping-title")));
    let kept = |title: String, state: String, may_withdraw| Kept {
        record: "0".repeat(32),
        title,
        rows: vec![
            (t.get("keeping-state"), state),
            (t.get("keeping-asked-by"), ex.d("Ines Cole, Records officer")),
        ],
        may_agree: true,
        may_withdraw,
    };
    let hold = kept(t.code("hold", "inquiry"), t.code("hold-is", "stands"), false);
    let erasure = kept(
        ex.d("Entry 3, What was said: Words"),
        t.code("erasure-is", "asked"),
        true,
    );
    let refused = Kept {
        may_agree: false,
        ..kept(
            ex.d("Entry 3, What was said: Words"),
            t.code("erasure-refused", "held"),
            false,
        )
    };
    let errors = vec![
        ("review".to_owned(), t.get("keeping-review-error")),
        ("which".to_owned(), t.get("keeping-which-error")),
    ];
    let shell = ex.staff(title, "/concerns");
    Keeping {
        shell: if some { shell.errors(&errors) } else { shell },
        t,
        head: head(ex),
        done: (!some).then(|| t.code("kept", "released")),
        holds: if some { vec![hold] } else { Vec::new() },
        refused: if some { vec![refused] } else { Vec::new() },
        erasures: if some { vec![erasure] } else { Vec::new() },
        may_hold: some,
        held: some,
        may_ask: true,
        fields: if some {
            vec![("3:text".to_owned(), ex.d("Entry 3, What was said: Words"))]
        } else {
            Vec::new()
        },
        given: KeepingGiven::default(),
    }
}

fn not_here<'a>(ex: &Ex<'a>) -> NotHere<'a> {
    NotHere {
        shell: ex.staff(head(ex).title(&ex.t.get("nothere-title")), "/concerns"),
        t: ex.t,
        head: head(ex),
        number: 3,
        fields: vec![
            ("text".to_owned(), ex.t.code("field", "text")),
            ("reason".to_owned(), ex.t.code("field", "reason")),
        ],
        chosen: String::new(),
    }
}

fn restriction<'a>(ex: &Ex<'a>, because: Option<&str>) -> Restriction<'a> {
    let title = head(ex).title(&ex.t.get("restriction-title"));
    Restriction {
        shell: ex.staff(title, "/concerns"),
        t: ex.t,
        head: head(ex),
        because: because.map(|why| ex.t.code("restricted", why)),
        chosen: String::new(),
        reason: ex.d("It is somebody of another branch."),
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn chart(ex: &Ex<'_>) -> Swimlane {
    let t = ex.t;
    let mark = |lane, when: &str, letter, state| Mark {
        lane,
        at: at(when),
        letter,
        state,
    };
    let lane = |name: &str, agency: &str| (ex.d(name), ex.d(agency));
    let story = Chart {
        title: t.msg("timeline-chart-title").n("count", 3).text(),
        message: t
            .msg("timeline-chart-message")
            .n("lanes", 4)
            .arg("from", ex.d("3 November 2026"))
            .arg("to", ex.d("24 November 2026"))
            .text(),
        lanes: vec![
            lane("School", "Northmere Academy"),
            lane("Health", "Eastmarch Health"),
            lane("Children’s services", "Northmere Council"),
            lane("Housing", "Northmere Housing"),
        ],
        from: at("2026-11-03T09:00:00Z"),
        marks: vec![
            mark(0, "2026-11-03T09:00:00Z", 'A', State::Recorded),
            mark(2, "2026-11-04T09:05:00Z", 'A', State::Read),
            mark(1, "2026-11-05T11:00:00Z", 'B', State::Recorded),
            mark(2, "2026-11-16T10:00:00Z", 'B', State::Read),
            mark(2, "2026-11-20T14:15:00Z", 'C', State::Recorded),
            mark(3, "2026-11-24T09:00:00Z", 'C', State::Unread),
        ],
        waits: vec![
            Wait {
                lane: 1,
                from: at("2026-11-05T11:00:00Z"),
                to: at("2026-11-12T16:00:00Z"),
                words: ex.d("7 days not shared"),
            },
            Wait {
                lane: 2,
                from: at("2026-11-12T16:00:00Z"),
                to: at("2026-11-16T10:00:00Z"),
                words: ex.d("4 days unread"),
            },
        ],
        sent: vec![
            Sent {
                from: 0,
                to: 2,
                at: at("2026-11-03T15:10:00Z"),
                unread: false,
            },
            Sent {
                from: 1,
                to: 2,
                at: at("2026-11-12T16:00:00Z"),
                unread: false,
            },
            Sent {
                from: 2,
                to: 3,
                at: at("2026-11-20T14:15:00Z"),
                unread: true,
            },
        ],
    };
    Swimlane::new(&When::london(t, at("2026-11-24T09:42:00Z")), &story)
}

fn entry(ex: &Ex<'_>, letter: char, number: u32) -> Entry {
    let t = ex.t;
    Entry {
        id: format!("entry-{number}"),
        letter: ex.d(&letter.to_string()),
        title: ex.d("School reported a new concern"),
        by: t
            .msg("timeline-by")
            .arg("who", ex.d("Helen Marsh, Northmere Academy"))
            .text(),
        datetime: "2026-11-23T12:00".into(),
        date: ex.d("23 November 2026 at 12:00pm"),
        body: paragraphs(&ex.d("A different adult came to collect R.K.")),
        known: vec![
            (t.get("timeline-knows"), ex.d("School, children’s services")),
            (t.get("timeline-held-from"), ex.d("Health, police, housing")),
        ],
        seal: t
            .msg("timeline-seal-signed")
            .n("number", number)
            .n("of", 14)
            .text(),
        beside: Some((
            "/concerns/NM-7K4X-29QD/amend/beside-13".into(),
            ex.t.code("amend", "beside"),
            ex.t.msg("timeline-proof-which").n("number", 13).text(),
        )),
        must_not: Some((
            "/concerns/NM-7K4X-29QD/not-here/13".into(),
            ex.t.get("timeline-must-not"),
            ex.t.msg("timeline-proof-which").n("number", 13).text(),
        )),
        proof: Some((
            format!("/concerns/NM-7K4X-29QD/proof/{number}"),
            t.get("timeline-proof"),
            t.msg("timeline-proof-which").n("number", number).text(),
        )),
    }
}

fn amend<'a>(ex: &Ex<'a>, what: Amend) -> Amended<'a> {
    let t = ex.t;
    Amended {
        shell: ex.staff(head(ex).title(&t.code("amend", what.code())), "/concerns"),
        t,
        head: head(ex),
        what,
        about: Some(ex.d("Entry 13: What was said")),
        choice: String::new(),
        words: String::new(),
    }
}

fn story<'a>(ex: &Ex<'a>) -> Story<'a> {
    let t = ex.t;
    let knew = |state, when: &str, late| Knew {
        state,
        when: if when.is_empty() {
            String::new()
        } else {
            ex.d(when)
        },
        late,
    };
    let row = |letter: char, fact: &str| {
        let cells = vec![
            knew("recorded", "3 Nov", false),
            knew("read", "16 Nov", true),
            knew("unread", "20 Nov", false),
            knew("none", "", false),
        ];
        (letter, "entry-14".to_owned(), ex.d(fact), cells)
    };
    Story {
        shell: ex.staff(head(ex).title(&t.get("concern-timeline")), "/concerns"),
        t,
        head: head(ex),
        delay: Some((
            ex.d("11 days"),
            'B',
            "entry-14".into(),
            ex.d("7 days before Health shared it, then 4 days unread"),
        )),
        unread: (1, ex.d("Fact C, sent to Housing on 20 November")),
        undecided: (0, String::new()),
        range: (ex.d("3"), ex.d("24 November 2026")),
        chart: Some(chart(ex)),
        posts: ["School", "Health", "Children’s services", "Housing"]
            .map(|post| ex.d(post))
            .to_vec(),
        facts: vec![
            row('A', "3 absences with no reason"),
            row('B', "2 missed appointments"),
        ],
        more: 3,
        entries: vec![entry(ex, 'B', 14), entry(ex, 'A', 13)],
        newest_first: true,
        as_at: Some(ex.d("16 November 2026")),
        typed: ["16", "11", "2026"].map(|part| ex.d(part)),
    }
}

fn decide<'a>(ex: &Ex<'a>) -> Decide<'a> {
    let t = ex.t;
    let outcomes: Vec<Choice> = [
        "Strategy discussion",
        "Assessment",
        "Early help",
        "No further action",
    ]
    .iter()
    .map(|words| Choice {
        code: words.to_lowercase().replace(' ', "-"),
        words: ex.d(words),
        second: words.starts_with("No").then(|| ex.d("the child reported it")),
    })
    .collect();
    let child = |handle: &str, who: &str| Child {
        handle: handle.into(),
        who: ex.d(who),
        ..Child::default()
    };
    let children = vec![child("a", "Mina, 9"), child("b", "Ivo, 4")];
    let errors = children[0].check(t, &outcomes);
    Decide {
        shell: ex
            .staff(head(ex).title(&t.get("concern-decide")), "/concerns")
            .errors(&errors),
        t,
        head: head(ex),
        clock: Some(clock(ex, "2026-11-23T12:00:00Z", "2026-11-24T12:00:00Z", false)),
        seen_before: vec![ex.d("Grey van, ends 7KD: also in NM-H2NR-95TA, with C. Bell, 12 November 2026")],
        children,
        decided: vec![
            t.msg("decide-already")
                .arg("outcome", ex.d("Assessment"))
                .arg("when", ex.d("today"))
                .arg("who", ex.d("Mina, 9"))
                .text(),
        ],
        outcomes,
        categories: vec![
            ("sexual-exploitation".into(), ex.d("Sexual exploitation")),
            ("neglect".into(), ex.d("Neglect")),
        ],
        marks: vec!["neglect".into()],
        marked: vec![ex.d("Trafficking or modern slavery")],
        phrases: vec![(
            ex.d("placed herself"),
            ex.d("it makes the child responsible."),
            ex.d("was put"),
        )],
        seen: 14,
    }
}

fn rest(ex: &Ex<'_>) -> Vec<Drawn> {
    let t = ex.t;
    let second = Second {
        shell: ex.staff(head(ex).title(&t.get("concern-decide")), "/concerns"),
        t,
        head: head(ex),
        action: "/concerns/NM-7K4X-29QD/second/1".into(),
        said: vec![(
            t.get("concern-member-of-public"),
            ex.d("She has missed four afternoons."),
        )],
        decided: (ex.d("R.K., 14"), ex.d("No further action")),
        reason: Some(ex.d("The school has an explanation.")),
        words: String::new(),
        how: String::new(),
        seen: 14,
    };
    let tell = Tell {
        shell: ex.staff(head(ex).title(&t.get("concern-reporter")), "/concerns"),
        t,
        head: head(ex),
        reporter: vec![(ex.d("Name"), ex.d("Carys Holtby"))],
        in_full: false,
        unconfirmed: Some("/concerns/x/duties/y".into()),
        form: "public".into(),
        sentences: vec![("public-received".into(), ex.d("What you told us was received."))],
        chosen: vec!["public-received".into()],
        words: String::new(),
        reason: ex.d("Every duty was answered."),
        open: vec![(ex.d("Hold the conference"), ex.d("Mina, 9"), ex.d("5:00pm today"))],
        undecided: Vec::new(),
        needs_second: false,
        may_close: true,
        seen: 14,
    };
    let proof = |outcome| Proof {
        shell: ex.staff(
            t.msg("proof-title")
                .arg("reference", ex.d("NM-7K4X-29QD"))
                .n("number", 14)
                .text(),
            "/concerns",
        ),
        t,
        reference: ex.d("NM-7K4X-29QD"),
        number: 14,
        written: ex.d("12:00pm on Monday 23 November 2026"),
        outcome,
        steps: vec![ex.d("The entry was put in its byte form and hashed.")],
        leaf: "0123456789abcdef".repeat(4).replace(char::is_alphabetic, "7"),
        root: "9876543210".repeat(6),
        size: "14,203".into(),
        signed_at: ex.d("12:00pm on Monday 23 November 2026"),
        witnesses: Vec::new(),
    };
    vec![
        draw("second", &second),
        draw("tell", &tell),
        draw("proof", &proof(Outcome::Unchanged)),
        draw("proof-mismatch", &proof(Outcome::Mismatch)),
        draw("proof-not-now", &proof(Outcome::NotNow)),
    ]
}

pub fn pages(ex: &Ex<'_>) -> Vec<Drawn> {
    let mut pages = vec![
        draw("concern", &summary(ex)),
        draw("people", &people(ex)),
        draw("concerns", &concerns(ex)),
        draw("concerns-none", &concerns_none(ex)),
        draw("restriction", &restriction(ex, None)),
        draw("restriction-review", &restriction(ex, Some("matches-directory"))),
        draw("keeping", &keeping(ex, true)),
        draw("keeping-none", &keeping(ex, false)),
        draw("not-here", &not_here(ex)),
        draw("timeline", &story(ex)),
        draw("amend", &amend(ex, Amend::Beside(13))),
        draw("amend-family", &amend(ex, Amend::Family)),
        draw("amend-label", &amend(ex, Amend::Label)),
        draw("decide", &decide(ex)),
    ];
    pages.extend(rest(ex));
    pages
}
