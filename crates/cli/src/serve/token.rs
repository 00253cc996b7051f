//! Tokens for programs: made here, shown once, ended by a day or with their person's account.

use node::domain::id::{PostId, PractitionerId};
use node::domain::time::Instant;
use node::signin::token::ApiScope;
use server::app::App;

use crate::outcome::sentence;

/// What a token may do, as the command line says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Scope {
    /// File reports and read back their receipts.
    Report,
    /// Read concerns and duties, as the post may.
    Read,
    /// Decide, answer, accept, as the post may.
    Act,
}

impl From<Scope> for ApiScope {
    fn from(scope: Scope) -> Self {
        match scope {
            Scope::Report => Self::Report,
            Scope::Read => Self::Read,
            Scope::Act => Self::Act,
        }
    }
}

/// Whoever signs in with this name.
pub async fn person(app: &App, login: &str) -> Result<Option<PractitionerId>, String> {
    for person in app.node().people().await.map_err(|e| sentence(&e))? {
        let known = app
            .sign_in()
            .login_of(person.id)
            .await
            .map_err(|e| sentence(&e))?;
        if known.is_some_and(|known| known == login.trim().to_lowercase()) {
            return Ok(Some(person.id));
        }
    }
    Ok(None)
}

/// Makes a token for somebody in a post they hold.
pub async fn make(
    app: &App,
    login: &str,
    post: &PostId,
    scopes: &[Scope],
    days: u16,
    now: Instant,
) -> Result<Vec<String>, String> {
    let who = person(app, login).await?;
    let who = who.ok_or_else(|| format!("Nobody signs in as {login}. Invite them first."))?;
    if app.node().account_closed(who).await.map_err(|e| sentence(&e))? {
        return Err("That account is closed.".to_owned());
    }
    let posts = app.node().posts_of(who).await.map_err(|e| sentence(&e))?;
    if !posts.contains(post) {
        return Err(format!("They do not hold {post}."));
    }
    let scopes: Vec<ApiScope> = scopes.iter().map(|scope| (*scope).into()).collect();
    let ends = now.plus_minutes(i64::from(days).saturating_mul(24 * 60));
    let said = app.node().token_is_made(who, post).await;
    said.map_err(|e| sentence(&e))?;
    let token = app.sign_in().api_token(who, post, &scopes, ends).await;
    let token = token.map_err(|e| sentence(&e))?;
    Ok(vec![token.reveal()])
}
