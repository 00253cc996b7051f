//! Who knew what, when, as a chart: one lane an agency, one letter a fact. Drawn by the
//! server; every date in it is also in a table on the page.

use askama::Template;
use jiff::Timestamp;
use jiff::civil::{Date, Weekday};

use crate::web::format::When;

const LEFT: f64 = 300.0;
const RIGHT: f64 = 1_100.0;
const TOP: f64 = 78.0;
const LANE: f64 = 74.0;

/// What a mark says about an agency and a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Recorded it, or took part.
    Recorded,
    /// Read or accepted it.
    Read,
    /// It was sent, and nobody has accepted it.
    Unread,
}

/// One mark: a fact, in a lane, at a moment.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    /// The lane, counted from 0.
    pub lane: usize,
    /// When.
    pub at: Timestamp,
    /// The fact's letter.
    pub letter: char,
    /// What it says.
    pub state: State,
}

/// A stretch of waiting in a lane.
#[derive(Clone, Debug)]
pub struct Wait {
    /// The lane, counted from 0.
    pub lane: usize,
    /// From.
    pub from: Timestamp,
    /// To.
    pub to: Timestamp,
    /// "4 days unread".
    pub words: String,
}

/// A fact being sent from one lane to another.
#[derive(Clone, Copy, Debug)]
pub struct Sent {
    /// The lane it left.
    pub from: usize,
    /// The lane it went to.
    pub to: usize,
    /// When.
    pub at: Timestamp,
    /// Whether nobody there has accepted it.
    pub unread: bool,
}

/// What the chart is drawn from.
#[derive(Clone, Debug)]
pub struct Story {
    /// The chart's name, read out.
    pub title: String,
    /// Its message in a sentence or two, read out.
    pub message: String,
    /// Name and agency of each lane.
    pub lanes: Vec<(String, String)>,
    /// The first day.
    pub from: Timestamp,
    /// Marks.
    pub marks: Vec<Mark>,
    /// Waits.
    pub waits: Vec<Wait>,
    /// Sendings.
    pub sent: Vec<Sent>,
}

/// The chart.
#[derive(Clone, Debug, Template)]
#[template(path = "components/swimlane/template.html")]
pub struct Swimlane {
    title: String,
    message: String,
    now: String,
    caption: String,
    scroll: String,
    legend: [String; 5],
    height: String,
    bottom: String,
    now_x: String,
    weekends: Vec<(String, String)>,
    days: Vec<(String, Option<String>)>,
    lanes: Vec<(String, String, String, String, String)>,
    waits: Vec<(String, String, String, String, Option<String>, String)>,
    links: Vec<(String, &'static str, String, String, &'static str)>,
    marks: Vec<(String, String, String, &'static str, &'static str, char)>,
}

impl askama::filters::HtmlSafe for Swimlane {}

struct Scale {
    from: i64,
    to: i64,
}

impl Scale {
    #[expect(
        clippy::cast_precision_loss,
        reason = "seconds in a few years are exact in f64"
    )]
    fn x(&self, at: i64) -> f64 {
        let whole = (self.to - self.from).max(1) as f64;
        LEFT + (at.clamp(self.from, self.to) - self.from) as f64 / whole * (RIGHT - LEFT)
    }
}

fn one(value: f64) -> String {
    format!("{value:.1}")
}

#[expect(clippy::cast_precision_loss, reason = "a handful of lanes")]
fn lane_y(lane: usize) -> f64 {
    TOP + LANE * lane as f64
}

fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

impl Swimlane {
    /// Draw a story up to now.
    #[must_use]
    pub fn new(when: &When<'_>, story: &Story) -> Self {
        let zone_days = days(when, story.from);
        let start = zone_days.first().map_or(story.from.as_second(), |(_, at)| *at);
        let scale = Scale {
            from: start,
            to: when.now().as_second(),
        };
        let bottom = lane_y(story.lanes.len().saturating_sub(1)) + 40.0;
        let t = when.texts();
        Self {
            title: story.title.clone(),
            message: story.message.clone(),
            now: t.get("chart-now"),
            caption: t.get("chart-caption"),
            scroll: t.get("chart-scroll"),
            legend: [
                t.get("legend-recorded"),
                t.get("legend-read"),
                t.get("legend-unread"),
                t.get("legend-waiting"),
                t.get("legend-weekend"),
            ],
            height: one(bottom + 34.0),
            bottom: one(bottom),
            now_x: one(RIGHT),
            weekends: weekends(&zone_days, &scale),
            days: ticks(when, &zone_days, &scale),
            lanes: lanes(story),
            waits: waits(story, &scale),
            links: links(story, &scale),
            marks: marks(story, &scale),
        }
    }
}

impl Swimlane {
    /// The height of the shading of a weekend.
    fn band_height(&self) -> String {
        one(self.bottom.parse::<f64>().unwrap_or(0.0) - 44.0)
    }
}

/// Each local day from the first to today, with the second it starts.
fn days(when: &When<'_>, from: Timestamp) -> Vec<(Date, i64)> {
    let last = when.day(when.now());
    let mut day = when.day(from);
    let mut found = Vec::new();
    while day <= last && found.len() < 400 {
        found.push((day, when.start_of(day).as_second()));
        match day.tomorrow() {
            Ok(next) => day = next,
            Err(_) => break,
        }
    }
    found
}

fn weekends(days: &[(Date, i64)], scale: &Scale) -> Vec<(String, String)> {
    let weekend = days.iter().filter(|(day, _)| is_weekend(*day));
    weekend
        .map(|(_, at)| {
            let (from, to) = (scale.x(*at), scale.x(at + 86_400));
            (one(from), one(to - from))
        })
        .collect()
}

/// A line for each day, or for each week when there are many, with words on some.
fn ticks(when: &When<'_>, days: &[(Date, i64)], scale: &Scale) -> Vec<(String, Option<String>)> {
    let every = (days.len() / 8)
        .max(1)
        .next_multiple_of(if days.len() > 14 { 7 } else { 1 });
    let line = (every / 7).max(1);
    days.iter()
        .enumerate()
        .filter(|(index, _)| index % line == 0)
        .map(|(index, (day, at))| {
            let x = scale.x(*at);
            let words = (index % every == 0 && x < RIGHT - 60.0).then(|| when.day_short(*day));
            (one(x), words)
        })
        .collect()
}

fn lanes(story: &Story) -> Vec<(String, String, String, String, String)> {
    let draw = |(index, (name, agency)): (usize, &(String, String))| {
        let y = lane_y(index);
        (one(y), one(y - 2.0), one(y + 18.0), name.clone(), agency.clone())
    };
    story.lanes.iter().enumerate().map(draw).collect()
}

type DrawnWait = (String, String, String, String, Option<String>, String);

fn waits(story: &Story, scale: &Scale) -> Vec<DrawnWait> {
    let draw = |wait: &Wait| {
        let (from, to) = (scale.x(wait.from.as_second()), scale.x(wait.to.as_second()));
        let y = lane_y(wait.lane);
        let middle = f64::midpoint(from, to);
        let words = (to - from > 100.0).then(|| wait.words.clone());
        (
            one(from),
            one(y - 12.0),
            one((to - from).max(2.0)),
            one(middle),
            words,
            one(y + 5.0),
        )
    };
    story.waits.iter().map(draw).collect()
}

type DrawnLink = (String, &'static str, String, String, &'static str);

fn links(story: &Story, scale: &Scale) -> Vec<DrawnLink> {
    let draw = |sent: &Sent| {
        let (x, from, to) = (scale.x(sent.at.as_second()), lane_y(sent.from), lane_y(sent.to));
        let path = format!("M{} {}V{}", one(x), one(from), one(to));
        let (link, dot) = if sent.unread {
            (" app-svg-link--unread", " app-svg-dot--unread")
        } else {
            ("", "")
        };
        (path, link, one(x), one(from), dot)
    };
    story.sent.iter().map(draw).collect()
}

type DrawnMark = (String, String, String, &'static str, &'static str, char);

/// Marks in a lane are pushed apart so that each letter can be read.
fn marks(story: &Story, scale: &Scale) -> Vec<DrawnMark> {
    let mut sorted = story.marks.clone();
    sorted.sort_by_key(|mark| (mark.lane, mark.at));
    let mut drawn: Vec<(usize, f64, Mark)> = Vec::new();
    for mark in sorted {
        let mut x = scale.x(mark.at.as_second());
        if let Some((lane, before, _)) = drawn.last()
            && *lane == mark.lane
        {
            x = x.max(before + 28.0);
        }
        drawn.push((mark.lane, x, mark));
    }
    // What was pushed past now goes back before it, and pushes those before it on.
    let mut limit = (usize::MAX, RIGHT);
    for (lane, x, _) in drawn.iter_mut().rev() {
        if limit.0 != *lane {
            limit = (*lane, RIGHT);
        }
        *x = x.min(limit.1);
        limit.1 = *x - 28.0;
    }
    let draw = |(lane, x, mark): (usize, f64, Mark)| {
        let y = lane_y(lane);
        let (shape, text) = match mark.state {
            State::Recorded => ("", ""),
            State::Read => (" app-svg-mark--read", "--read"),
            State::Unread => (" app-svg-mark--unread", "--unread"),
        };
        (one(x), one(y), one(y + 5.5), shape, text, mark.letter)
    };
    drawn.into_iter().map(draw).collect()
}
