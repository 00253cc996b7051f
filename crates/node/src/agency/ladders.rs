//! The ladders of an agency's file: posts in the places that the rule pack's templates give to roles.

use domain::id::{AgencyId, PostId};
use domain::ladder::{Accept, Ladder, LadderFault, Rung};
use domain::pack::{LadderTemplate, Pack};
use serde::Deserialize;
use toml::Spanned;

use super::Post;
use super::file::post_id;
use crate::rules::Reader;

/// A ladder as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LadderRow {
    id: Spanned<String>,
    team: Option<Spanned<String>>,
    in_hours: Vec<RungRow>,
    out_of_hours: Vec<RungRow>,
    outside: Vec<RungRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RungRow {
    post: Spanned<String>,
    accept: Option<Spanned<String>>,
}

/// What ladders are made from.
pub(super) struct Making<'a> {
    pub(super) agency: &'a AgencyId,
    pub(super) desk: &'a PostId,
    pub(super) posts: &'a [Post],
    pub(super) pack: &'a Pack,
}

/// Every ladder. One for a team has the id `kind/team`.
pub(super) fn read(
    reader: &mut Reader<'_>,
    rows: &[LadderRow],
    making: &Making<'_>,
    is_team: impl Fn(&str) -> bool,
) -> Vec<Ladder> {
    let mut ladders: Vec<Ladder> = Vec::new();
    for row in rows {
        let Some(template) = making.pack.ladder(row.id.get_ref()) else {
            reader.fault(
                row.id.span(),
                format!("the rule pack has no ladder `{}`", row.id.get_ref()),
            );
            continue;
        };
        let id = match &row.team {
            Some(team) => {
                reader.one_of(team, "team", &is_team);
                format!("{}/{}", template.id, team.get_ref())
            }
            None => template.id.clone(),
        };
        if ladders.iter().any(|other| other.id == id) {
            reader.fault(row.id.span(), format!("the ladder `{id}` is there twice"));
        }
        let ladder = Ladder {
            id,
            desk: making.desk.clone(),
            in_hours: making.branch(reader, &row.in_hours, &template.in_hours),
            out_of_hours: making.branch(reader, &row.out_of_hours, &template.out_of_hours),
            outside: making.branch(reader, &row.outside, &template.outside),
        };
        making.judge(reader, row, template, &ladder);
        ladders.push(ladder);
    }
    ladders
}

impl Making<'_> {
    fn role(&self, post: &PostId) -> Option<&str> {
        let post = self.posts.iter().find(|known| known.id == *post);
        post.map(|post| post.role.as_str())
    }

    fn branch(&self, reader: &mut Reader<'_>, rows: &[RungRow], template: &[(String, Accept)]) -> Vec<Rung> {
        let mut rungs = Vec::new();
        for row in rows {
            let Some(post) = reader.read(&row.post, |text| post_id(text, self.agency)) else {
                continue;
            };
            let Some(role) = self.role(&post) else {
                reader.fault(row.post.span(), format!("there is no post `{post}`"));
                continue;
            };
            if role == "inspector" {
                reader.fault(row.post.span(), "an inspectorate is never a rung");
            }
            let usual = template
                .iter()
                .find(|(known, _)| known == role)
                .map(|(_, accept)| *accept);
            let accept = match &row.accept {
                Some(text) => reader.read(text, str::parse),
                None => reader.need(
                    row.post.span(),
                    usual.ok_or_else(|| format!("the rule pack gives a {role} no time here: say `accept`")),
                ),
            };
            let acceptor = self.pack.role(role).is_some_and(|role| role.acceptor);
            rungs.extend(accept.map(|accept| Rung {
                post,
                accept,
                acceptor,
            }));
        }
        rungs
    }

    /// What the ladder itself gets wrong, each at the line it is about, and what it leaves out of its template.
    fn judge(&self, reader: &mut Reader<'_>, row: &LadderRow, template: &LadderTemplate, ladder: &Ladder) {
        let known = |post: &PostId| self.role(post).is_some();
        for fault in ladder.faults(known) {
            let span = match &fault {
                LadderFault::Twice(post) | LadderFault::OnTheLine(post) | LadderFault::NoSuchPost(post) => {
                    let branches = row.outside.iter().chain(&row.in_hours).chain(&row.out_of_hours);
                    let named =
                        |rung: &&RungRow| post_id(rung.post.get_ref(), self.agency).as_ref() == Ok(post);
                    branches.filter(named).map(|rung| rung.post.span()).next()
                }
                _ => None,
            };
            reader.fault(span.unwrap_or_else(|| row.id.span()), fault);
        }
        let branches = [
            ("in_hours", &ladder.in_hours, &template.in_hours),
            ("out_of_hours", &ladder.out_of_hours, &template.out_of_hours),
        ];
        for (name, rungs, wanted) in branches {
            for (role, _) in wanted
                .iter()
                .filter(|(role, _)| self.pack.role(role).is_some_and(|r| r.acceptor))
            {
                if !rungs.iter().any(|rung| self.role(&rung.post) == Some(role)) {
                    let reason = format!("the branch `{name}` has no {role}, which the rule pack asks for");
                    reader.fault(row.id.span(), reason);
                }
            }
        }
    }
}
