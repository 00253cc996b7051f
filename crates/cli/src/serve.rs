//! `daylight serve`: one agency's node, its pages, its API and its jobs.

mod invite;
pub mod start;
mod token;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use node::app::Node;
use node::app::deliver::Channel;
use node::app::witnessing::{VerifierKey, Witness};
use node::jobs::{self, Outside};
use server::app::App;
use server::operator::{self, Health, Operator};
use server::peer::cosign::Remote;
use server::peer::mail::{Folder, Smtp};
use server::settings::{Settings, Tls};

use crate::outcome::{Outcome, sentence};

/// Serve an agency's node. The first start makes its keys.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    node: start::Place,

    /// Where to listen. Without a certificate this is an address of this machine only.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,

    /// How browsers reach it: https://safeguarding.northmere.example. From the address if not given.
    #[arg(long, value_name = "URL")]
    origin: Option<String>,

    /// A certificate chain, as a PEM file.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,

    /// Its private key, as a PEM file.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,

    /// A proxy in front adds the sender's address as the last entry of X-Forwarded-For.
    #[arg(long)]
    behind_proxy: bool,

    /// Where health and metrics are answered, on this machine only.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9464")]
    operator: SocketAddr,

    /// Where "Exit this page" leads.
    #[arg(long, value_name = "URL", default_value = "https://www.bbc.co.uk/weather")]
    exit_to: String,

    /// The sender of messages.
    #[arg(long, value_name = "ADDRESS", default_value = "daylight@localhost")]
    mail_from: String,

    /// Write messages into this folder. To send them, put the gateway's address into DAYLIGHT_SMTP.
    #[arg(long, value_name = "DIR")]
    mail_folder: Option<PathBuf>,

    /// Seconds that may pass while this is down, or by which its clock may jump, before duties wait for a person to say that
    /// the time is right.
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    time_tolerance: i64,

    /// A certificate, as a PEM file, that vouches for the mail gateway's: where an agency has its own authority.
    #[arg(long, value_name = "FILE")]
    mail_ca: Option<PathBuf>,

    /// A witness: its key in quotes, an @, its address. May be given several times.
    #[arg(long, value_name = "KEY@URL")]
    witness: Vec<String>,

    /// Invite somebody: "R. Achebe <r.achebe@northmere.example> northmere/hub". May be given several times.
    #[arg(long, value_name = "PERSON")]
    invite: Vec<String>,
}

/// Invite somebody into a post of a node, whether it is being served or not.
#[derive(clap::Args)]
pub struct InviteArgs {
    #[command(flatten)]
    node: start::Place,

    /// How browsers reach the node.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    origin: String,

    /// Why they must come in with nobody's agreement. It is recorded, and those who could have agreed are told.
    #[arg(long, value_name = "WHY")]
    alone: Option<String>,

    /// Who: "R. Achebe <r.achebe@northmere.example> northmere/hub".
    person: Vec<String>,
}

/// Make a token with which a program calls the JSON API. It is printed once, and to nobody else.
#[derive(clap::Args)]
pub struct TokenArgs {
    #[command(flatten)]
    node: start::Place,

    /// On whose responsibility: the name they sign in with.
    login: String,

    /// In which of their posts: northmere/hub.
    post: String,

    /// What it may do.
    #[arg(long, value_delimiter = ',', default_value = "report,read,act")]
    scope: Vec<token::Scope>,

    /// For how many days.
    #[arg(long, default_value_t = 90)]
    days: u16,
}

/// Runs `token`.
pub fn token(args: &TokenArgs) -> Outcome {
    start::block_on(async {
        let post = args.post.parse();
        let post = post.map_err(|_| format!("{} is not a post, such as northmere/hub.", args.post))?;
        let node = start::open(&args.node).await?;
        let settings = Settings::loopback(SocketAddr::from(([127, 0, 0, 1], 0)));
        let app = App::of(node.clone(), settings).map_err(|e| sentence(&e))?;
        let lines = token::make(&app, &args.login, &post, &args.scope, args.days, node.now()).await;
        node.close().await;
        lines
    })
}

/// Runs `serve`.
pub fn run(args: &Args) -> Outcome {
    start::log();
    start::block_on(serve(args))
}

/// Runs `invite`.
pub fn invite(args: &InviteArgs) -> Outcome {
    start::block_on(async {
        let node = start::open(&args.node).await?;
        let settings = Settings {
            origin: args.origin.clone(),
            ..Settings::loopback(SocketAddr::from(([127, 0, 0, 1], 0)))
        };
        let app = App::of(node.clone(), settings).map_err(|e| sentence(&e))?;
        let lines = invite::all(&app, &args.person, args.alone.as_deref()).await;
        node.close().await;
        lines
    })
}

async fn serve(args: &Args) -> Result<Vec<String>, String> {
    let metrics = operator::collect_metrics().map_err(|e| sentence(&e))?;
    let bound = server::serve::bind(settings(args)?).map_err(|e| sentence(&e))?;
    let address = bound.address().map_err(|e| sentence(&e))?;
    let node = start::open(&args.node).await?;
    let outside = outside(args)?;
    let health = Operator {
        health: health(&node, &outside),
        metrics: Some(metrics),
    };
    let origin = args.origin.clone().unwrap_or_else(|| format!("http://{address}"));
    let settings = Settings {
        origin: origin.clone(),
        witnesses: outside.witnesses.iter().map(|w| w.key().to_string()).collect(),
        ..settings(args)?
    };
    node.keep_time(args.time_tolerance);
    let app = App::of(node.clone(), settings).map_err(|e| sentence(&e))?;
    let new = invite::not_set_up(&app, &args.invite).await?;
    for line in invite::all(&app, &new, None).await? {
        start::say(&line);
    }
    if node.people().await.map_err(|e| sentence(&e))?.is_empty() {
        start::say(invite::NOBODY);
    }
    if !node.keys_backed_up() {
        start::say(start::NOT_BACKED_UP);
    }
    start::say(&format!("Serving {} at {origin}.", node.agency().name));
    let routes = server::app::router(app.clone());
    let jobs = tokio::spawn(jobs::run(node.clone(), outside));
    let sweeping = tokio::spawn(sweep(app));
    let failed = Arc::new(std::sync::Mutex::new(None));
    let noted = Arc::clone(&failed);
    let stop = async move {
        tokio::select! {
            () = start::asked_to_stop() => {}
            ended = jobs => {
                let why = format!("{ended:?}");
                noted.lock().unwrap_or_else(std::sync::PoisonError::into_inner).replace(why);
            }
        }
    };
    let served = bound.run(routes, health, stop).await.map_err(|e| sentence(&e));
    sweeping.abort();
    node.close().await;
    served?;
    match failed
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
        .take()
    {
        Some(_) => Err(
            "It is not known whether the last write was kept. Start again: what was kept is found.".into(),
        ),
        None => Ok(vec!["Stopped.".to_owned()]),
    }
}

/// Removes sessions, invitations and drafts that have ended, every ten minutes.
async fn sweep(app: App) {
    let mut every = tokio::time::interval(std::time::Duration::from_secs(600));
    loop {
        every.tick().await;
        if let Err(error) = app.sign_in().sweep().await {
            tracing::error!(%error, "what has ended could not be removed");
        }
    }
}

fn settings(args: &Args) -> Result<Settings, String> {
    let tls = args.tls_cert.clone().zip(args.tls_key.clone());
    let tls = tls.map(|(certificate, key)| Tls { certificate, key });
    let scheme = if tls.is_some() { "https" } else { "http" };
    let origin = args
        .origin
        .clone()
        .unwrap_or_else(|| format!("{scheme}://{}", args.listen));
    let settings = Settings {
        witnesses: Vec::new(),
        listen: args.listen,
        tls,
        operator: Some(args.operator),
        origin,
        behind_proxy: args.behind_proxy,
        exit_to: args.exit_to.clone(),
        demo: false,
    };
    settings.check().map_err(|why| sentence(&why))?;
    Ok(settings)
}

fn outside(args: &Args) -> Result<Outside, String> {
    let mut channels: Vec<Arc<dyn Channel>> = Vec::new();
    if let Some(directory) = &args.mail_folder {
        channels.push(Arc::new(
            Folder::new(directory, &args.mail_from).map_err(|e| sentence(&e))?,
        ));
    } else if let Some(gateway) = start::environment("DAYLIGHT_SMTP") {
        let vouches = args.mail_ca.as_ref().map(std::fs::read).transpose();
        let vouches = vouches.map_err(|error| format!("The file of --mail-ca cannot be read: {error}"))?;
        channels.push(Arc::new(
            Smtp::vouched(&gateway, &args.mail_from, vouches.as_deref()).map_err(|e| sentence(&e))?,
        ));
    }
    let mut witnesses: Vec<Arc<dyn Witness>> = Vec::new();
    for given in &args.witness {
        let (key, url) = given.rsplit_once('@').ok_or("A witness is given as KEY@URL.")?;
        let key = VerifierKey::parse(key).map_err(|_| format!("{key} is not a witness's key."))?;
        witnesses.push(Arc::new(Remote::new(key, url).map_err(|e| sentence(&e))?));
    }
    Ok(Outside { channels, witnesses })
}

/// What is amber from the start. What turns red later shows in the metrics and the log.
fn health(node: &Node, outside: &Outside) -> operator::AskHealth {
    let (node, witnessed) = (node.clone(), !outside.witnesses.is_empty());
    let mail = !outside.channels.is_empty();
    Arc::new(move || {
        let mut why = Vec::new();
        if !witnessed {
            why.push("no witness: whoever holds this node's keys could rewrite its record".to_owned());
        }
        if !mail {
            why.push("no mail: posts are told on screen only".to_owned());
        }
        if node.time_held().is_some() {
            why.push(
                "the clock is held: no duty runs out until a person says that the time is right".to_owned(),
            );
        }
        if !node.keys_backed_up() {
            why.push("the keys are not backed up".to_owned());
        }
        if node.needs_room() {
            why.push("the disk was full: the reserve is in use".to_owned());
        }
        if why.is_empty() {
            Health::Green
        } else {
            Health::Amber(why)
        }
    })
}
