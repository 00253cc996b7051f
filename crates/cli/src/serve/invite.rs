//! Inviting people: the one way into a new node.

use node::app::people::NewPractitioner;
use node::domain::id::PostId;
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

/// Adds everybody who is not here yet, and makes an invitation for each: shown once.
pub async fn all(app: &App, people: &[String]) -> Result<Vec<String>, String> {
    let guests: Vec<Guest> = people.iter().map(|text| read(text)).collect::<Result<_, _>>()?;
    let mut lines = Vec::new();
    for guest in guests {
        let who = match super::token::person(app, &guest.email).await? {
            Some(who) => who,
            None => add(app, &guest).await?,
        };
        if app.node().account_closed(who).await.map_err(|e| sentence(&e))? {
            return Err(format!(
                "{}'s account is closed. Open it again first, on the page Accounts.",
                guest.name
            ));
        }
        let invitation = app.sign_in().invite(who).await.map_err(|e| sentence(&e))?;
        lines.push(format!(
            "{}, once, until {}: {}/invite/{}",
            guest.name,
            invitation.ends,
            app.settings().origin,
            invitation.token.reveal()
        ));
    }
    Ok(lines)
}

async fn add(app: &App, guest: &Guest) -> Result<node::domain::id::PractitionerId, String> {
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
