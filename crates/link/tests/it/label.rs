//! The review page, as a browser would use it, and what the model learns there.

use crate::{daylight_link, people, read};
use clap::Parser;
use std::{
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    sync::mpsc::{Receiver, Sender, channel},
    thread::JoinHandle,
};

/// Sends on what is printed.
struct Printed(Sender<String>);

impl Write for Printed {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let _ = self.0.send(String::from_utf8_lossy(bytes).into_owned());
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

struct Page {
    host: String,
    path: String,
    printed: Receiver<String>,
    server: JoinHandle<()>,
}

fn open(run: &Path) -> Page {
    let args = ["link", "label", "--run", run.to_str().unwrap()].map(str::to_owned);
    let (sender, printed) = channel();
    let server = std::thread::spawn(move || {
        let cli = crate::Cli::try_parse_from(args).unwrap();
        link::execute(&cli.link, &mut Printed(sender)).unwrap();
    });
    let mut said = String::new();
    while !said.contains(" in a browser") {
        said.push_str(&printed.recv().unwrap());
    }
    let url = said.split("http://").nth(1).unwrap().split(' ').next().unwrap();
    let (host, path) = url.split_once('/').unwrap();
    Page {
        host: host.to_owned(),
        path: format!("/{path}"),
        printed,
        server,
    }
}

impl Page {
    fn send(&self, request: &str) -> String {
        let mut s = TcpStream::connect(&self.host).unwrap();
        s.write_all(request.as_bytes()).unwrap();
        let mut out = String::new();
        s.read_to_string(&mut out).unwrap();
        out
    }

    fn get(&self) -> String {
        self.send(&format!(
            "GET {} HTTP/1.1\r\nHost: {}\r\n\r\n",
            self.path, self.host
        ))
    }

    fn post(&self, body: &str) -> String {
        self.send(&format!(
            "POST {} HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n\r\n{body}",
            self.path,
            self.host,
            body.len()
        ))
    }

    fn end(self) -> String {
        assert!(self.post("answer=end").contains("Ended"));
        self.server.join().unwrap();
        self.printed.try_iter().collect()
    }
}

/// Identifiers of the pair on a page.
fn shown(page: &str) -> Option<(String, String)> {
    let row = page.split("<th scope=\"row\">identifier").nth(1)?;
    let mut cells = row.split("<td").skip(1).map(|c| {
        let text = c.split_once('>').unwrap().1;
        text.split('<').next().unwrap().to_owned()
    });
    Some((cells.next()?, cells.next()?))
}

fn judged(out: &Path) -> usize {
    read(out, "labels.csv").lines().count() - 1
}

#[test]
fn a_person_judges_pairs_the_model_learns_and_a_second_sitting_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let (file, out) = (dir.path().join("people.csv"), dir.path().join("result"));
    people(&file, 3_000);
    let (f, o) = (file.to_str().unwrap(), out.to_str().unwrap());
    let run = [
        "--id", "id", "--ignore", "person", "--out", o, "--quiet", "--format", "csv",
    ];
    daylight_link(&[&[f][..], &run].concat()).unwrap();

    let page = open(&out);
    let first = page.get();
    assert!(
        first.starts_with("HTTP/1.1 200") && first.contains("default-src 'none'"),
        "{first}"
    );
    assert!(!first.contains(">person<"), "an ignored column is shown");
    assert!(page.post("answer=learn").starts_with("HTTP/1.1 303"));
    assert!(page.get().contains("are needed, of both kinds"));
    // what does not come from the page itself changes nothing
    let (h, p) = (&page.host, &page.path);
    for strange in [
        format!("POST / HTTP/1.1\r\nHost: {h}\r\nContent-Length: 18\r\n\r\nanswer=same&pair=0"),
        format!("POST {p} HTTP/1.1\r\nHost: elsewhere\r\nContent-Length: 18\r\n\r\nanswer=same&pair=0"),
    ] {
        assert!(page.send(&strange).starts_with("HTTP/1.1 404"), "{strange}");
    }
    assert!(
        page.send("nothing of the kind\r\n\r\n")
            .starts_with("HTTP/1.1 400")
    );
    assert_eq!(judged(&out), 0);

    // sooner or later every pair: alternately the same and different, one answer sent twice
    for k in 0..30 {
        assert!(shown(&page.get()).is_some(), "no pair {k}");
        let word = if k % 2 == 0 { "same" } else { "different" };
        page.post(&format!("pair={k}&answer={word}"));
        page.post(&format!("pair={k}&answer={word}"));
    }
    assert_eq!(judged(&out), 30);
    let before = shown(&page.get());
    page.post("pair=30&answer=unsure");
    assert_ne!(shown(&page.get()), before);
    assert_eq!(judged(&out), 30);
    page.post("answer=learn");
    assert!(page.get().contains("Learned from 30 answers"));
    assert!(page.end().contains("30 answers are in"));

    // a second sitting knows the answers, and asks none of them again
    let page = open(&out);
    let text = page.get();
    assert!(text.contains("15 the same, 15 different"), "{text}");
    let (l, r) = shown(&text).unwrap();
    assert!(!read(&out, "labels.csv").contains(&format!("\"{l}\",\"{r}\"")));
    page.end();

    // answers that coin tosses gave make the model less sure
    let learned = out.join("model-labelled.json");
    let again = dir.path().join("again");
    let more = ["--model", learned.to_str().unwrap()];
    let run = [
        "--id",
        "id",
        "--ignore",
        "person",
        "--out",
        again.to_str().unwrap(),
        "--quiet",
        "--format",
        "csv",
    ];
    daylight_link(&[&[f][..], &run, &more].concat()).unwrap();
    assert_ne!(read(&out, "edges.csv"), read(&again, "edges.csv"));
    let labels = out.join("labels.csv");
    let said = daylight_link(&["evaluate", "--run", o, "--labels", labels.to_str().unwrap()]).unwrap();
    assert!(said.contains("true pairs 15"), "{said}");
}
