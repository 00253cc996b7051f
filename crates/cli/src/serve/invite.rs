//! Inviting people: the one way into a new node.

use node::app::invite::NewAccount;
use node::app::people::NewPractitioner;
use node::app::{AppError, Refusal};
use node::domain::id::{PostId, PractitionerId};
use node::domain::record::Actor;
use server::app::App;

use crate::outcome::sentence;

/// Said while nobody can sign in.
pub const NOBODY: &str = "Nobody works here yet. Invite the first person: \
    daylight invite --data DIR --origin URL \"R. Achebe <r.achebe@northmere.example> northmere/hub\"";

/// Somebody, as the command line names them.
#[derive(Debug, PartialEq, Eq)]
struct Guest {
    name: String,
    email: String,
    post: PostId,
}

/// Reads `R. Achebe <r.achebe@northmere.example> northmere/hub`.
fn read(text: &str) -> Result<Guest, String> {
    let wrong = || format!("{text:?} is not a name, an address in <> and a post.");
    let (name, rest) = text.split_once('<').ok_or_else(wrong)?;
    let (email, post) = rest.split_once('>').ok_or_else(wrong)?;
    let post = post.trim().parse().map_err(|_| wrong())?;
    let (name, email) = (name.trim(), email.trim());
    if name.is_empty() || !email.contains('@') {
        return Err(wrong());
    }
    Ok(Guest {
        name: name.to_owned(),
        email: email.to_owned(),
        post,
    })
}

/// Those of `people` who have nothing to sign in with yet: starting again asks for nobody who is here.
pub async fn not_set_up(app: &App, people: &[String]) -> Result<Vec<String>, String> {
    let mut out = Vec::new();
    for text in people {
        let known = super::token::person(app, &read(text)?.email).await?;
        let set_up = match known {
            Some(who) => app.sign_in().has_way(who).await.map_err(|e| sentence(&e))?,
            None => false,
        };
        if !set_up {
            out.push(text.clone());
        }
    }
    Ok(out)
}

/// Asks that everybody be let in; nobody is, before a second person agrees. While nobody could agree, and when it is said
/// why they must come in `alone`, makes an invitation for each: shown once.
pub async fn all(app: &App, people: &[String], alone: Option<&str>) -> Result<Vec<String>, String> {
    if alone.is_some_and(|why| why.trim().is_empty()) {
        return Err("Say after --alone why nobody can agree: those who could have are told.".into());
    }
    let guests: Vec<Guest> = people.iter().map(|text| read(text)).collect::<Result<_, _>>()?;
    let second = app.node().somebody_agrees(app.sign_in()).await;
    let second = second.map_err(|e| sentence(&e))?;
    let mut lines = Vec::new();
    for guest in guests {
        let known = super::token::person(app, &guest.email).await?;
        if let Some(who) = known
            && app.node().account_closed(who).await.map_err(|e| sentence(&e))?
        {
            return Err(format!(
                "{}'s account is closed. Open it again first, on the page Accounts.",
                guest.name
            ));
        }
        lines.push(match (second, alone) {
            (true, None) => ask(app, &guest, known).await?,
            (true, Some(why)) => invite(app, &guest, known, Some(why)).await?,
            (false, _) => invite(app, &guest, known, None).await?,
        });
    }
    Ok(lines)
}

async fn ask(app: &App, guest: &Guest, known: Option<PractitionerId>) -> Result<String, String> {
    let asked = match known {
        Some(who) => app.node().ask_for_return(who).await,
        None => {
            let new = NewAccount {
                name: guest.name.clone(),
                email: guest.email.clone(),
                registered: false,
                posts: vec![guest.post.clone()],
                until: None,
            };
            let asked = app.node().ask_for_newcomer(&Actor::Node, app.sign_in(), &new);
            asked.await.map(drop)
        }
    };
    match asked {
        Ok(()) | Err(AppError::Refused(Refusal::AlreadyDone)) => Ok(format!(
            "{} waits until somebody who answers for the service agrees, on the page \"Who comes in\". Whoever agrees gets the \
             link. Where nobody can: --alone \"why\".",
            guest.name
        )),
        Err(error) => Err(sentence(&error)),
    }
}

async fn invite(
    app: &App,
    guest: &Guest,
    known: Option<PractitionerId>,
    alone: Option<&str>,
) -> Result<String, String> {
    let who = match known {
        Some(who) => who,
        None => add(app, guest).await?,
    };
    if let Some(why) = alone {
        let said = app.node().let_in_alone(who, why).await;
        said.map_err(|e| sentence(&e))?;
    }
    let invitation = app.sign_in().invite(who).await.map_err(|e| sentence(&e))?;
    Ok(format!(
        "{}, once, until {}: {}/invite/{}",
        guest.name,
        invitation.ends,
        app.settings().origin,
        invitation.token.reveal()
    ))
}

async fn add(app: &App, guest: &Guest) -> Result<PractitionerId, String> {
    let new = NewPractitioner {
        name: guest.name.clone(),
        email: guest.email.clone(),
        phone: String::new(),
        address: String::new(),
        born: String::new(),
        registered: false,
    };
    let posts = std::slice::from_ref(&guest.post);
    let who = app
        .node()
        .add_practitioner(None, &new, posts)
        .await
        .map_err(|e| sentence(&e))?;
    app.sign_in()
        .open_account(who, &guest.email)
        .await
        .map_err(|e| sentence(&e))?;
    Ok(who)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guest_is_a_name_an_address_and_a_post() {
        let guest = read("R. Achebe <r.achebe@northmere.example> northmere/hub");
        let parts = guest.map(|g| (g.name, g.email, g.post.to_string()));
        let expected = ("R. Achebe", "r.achebe@northmere.example", "northmere/hub");
        assert_eq!(
            parts,
            Ok((expected.0.into(), expected.1.into(), expected.2.into()))
        );
        for wrong in [
            "",
            "R. Achebe",
            "R. Achebe <x>",
            "<a@b> northmere/hub",
            "R <a@b> hub",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
