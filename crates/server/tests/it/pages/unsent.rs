//! Examples of the pages of what was typed and not sent.

use server::web::unsent::later::{Code, Later, ask_code};
use server::web::unsent::page::{Line, List};

use super::{Drawn, Ex, draw};

fn line(ex: &Ex<'_>, form: &'static str, reference: &str) -> Line {
    Line {
        form,
        reference: if reference.is_empty() {
            String::new()
        } else {
            ex.d(reference)
        },
        kept: ex.d("9:12am today"),
        ends: ex.d("14 December 2026"),
        href: "/record".into(),
        drop: "/unsent/00".into(),
    }
}

pub fn pages(ex: &Ex<'_>) -> Vec<Drawn> {
    let t = ex.t;
    let list = |message: Option<String>, lines| List {
        shell: ex.staff(t.get("unsent-title"), "/unsent"),
        t,
        message,
        lines,
    };
    let lines = vec![line(ex, "record", ""), line(ex, "decide", "NM-7KD2-Q4")];
    let later = |not_safe| Later {
        shell: ex.public(t.get("later-title")).back("/q/2"),
        t,
        not_safe,
        on: "/q/2".into(),
    };
    let code = Code {
        shell: ex.public(t.get("later-title")),
        t,
        code: ex.d("7H4K2 PQMR9").into(),
    };
    let around = |wrong: bool| {
        let errors = if wrong {
            vec![("code".to_owned(), t.get("go-on-wrong"))]
        } else {
            Vec::new()
        };
        ex.public(t.get("go-on-title")).back("/").errors(&errors)
    };
    vec![
        draw("unsent", &list(Some(t.code("unsent-did", "kept")), lines)),
        draw("unsent-none", &list(None, Vec::new())),
        draw("later", &later(false)),
        draw("later-not-safe", &later(true)),
        draw("later-code", &code),
        draw("go-on", &ask_code(around(false), true)),
        draw("go-on-wrong", &ask_code(around(true), false)),
    ]
}
