//! A server on a new node, and how to ask it.

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::response::Response;
use axum::{Json, Router};
use node::keys::Keys;
use node::signin::door::Door;
use server::app::{self, App};
use server::error::Error;
use server::guard::input;
use server::guard::limit::Source;
use server::settings::{Phone, Settings};
use server::visit::Visit;
use tower::ServiceExt;

/// A server and the directory its keys lie in.
pub struct Bench {
    routes: Router,
    _home: tempfile::TempDir,
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    /// The value of the first `Set-Cookie` for `name`, or `None`.
    pub fn cookie(&self, name: &str) -> Option<String> {
        let lines = self.headers.get_all(header::SET_COOKIE).into_iter();
        lines
            .filter_map(|line| line.to_str().ok()?.split(';').next()?.split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.to_owned())
    }
}

async fn read(response: Response) -> Answer {
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: String::from_utf8_lossy(&bytes).into_owned(),
    }
}

async fn save(
    mut visit: Visit,
    input::Form(pairs): input::Form<Vec<(String, String)>>,
) -> Result<Response, Error> {
    let saved = visit.save(&pairs)?;
    Ok(axum::response::IntoResponse::into_response((saved, "saved")))
}

async fn report(
    axum::extract::State(app): axum::extract::State<App>,
    source: Source,
) -> Result<&'static str, Error> {
    app.may_report(&source)?;
    Ok("filed")
}

/// Routes that only tests have: each shows one thing the shell does.
fn trial_routes() -> Router<App> {
    use axum::response::Html;
    use axum::routing::{get, post};
    let page = |axum::extract::State(app): axum::extract::State<App>, headers: HeaderMap| async move {
        Html(format!(
            "<!DOCTYPE html>{}<p>{}</p>",
            "x".repeat(4000),
            app.form_token(&headers)
        ))
    };
    let danger = |axum::extract::State(app): axum::extract::State<App>,
                  headers: HeaderMap,
                  input::Form(pairs): input::Form<Vec<(String, String)>>| async move {
        server::guard::csrf::check(&app, &headers, &pairs[0].1).map(|()| "done")
    };
    let panics = || async { [""; 1][usize::from("Dale Rusk".len() == 9)] };
    Router::new()
        .route("/trial/page", get(page))
        .route("/trial/hidden", get(|| async { Error::NotFound }))
        .route("/trial/panic", get(panics))
        .route("/trial/danger", post(danger))
        .route("/trial/save", post(save))
        .route(
            "/trial/load",
            get(|visit: Visit| async move { Json(visit.load::<Vec<(String, String)>>()) }),
        )
        .route("/trial/report", post(report))
        .route(
            "/api/v1/trial",
            post(|input::Json(_): input::Json<Vec<u8>>| async { "" }),
        )
        .route("/api/v1/hidden", get(|| async { Error::NotFound }))
}

impl Bench {
    /// On `http://127.0.0.1:8080`.
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    /// With other settings.
    pub fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let home = tempfile::tempdir().unwrap();
        let keys = Keys::open(&home.path().join("keys"), true).unwrap();
        let mut settings = Settings::loopback("127.0.0.1:8080".parse().unwrap(), "Northmere Council");
        settings.phones = vec![Phone {
            when: "Nights and weekends".to_owned(),
            number: "01632 960 000".to_owned(),
        }];
        change(&mut settings);
        let app = App::new(settings, Door::of(&keys));
        let routes = app::shell(trial_routes().merge(server::visit::routes()), app);
        Self { routes, _home: home }
    }

    /// Sends a request.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        read(self.routes.clone().oneshot(request).await.unwrap()).await
    }

    /// `GET path` with these headers.
    pub async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::get(path).header(header::HOST, "127.0.0.1:8080");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// `POST path` with a form, as a browser on our own page sends it, and these headers.
    pub async fn post(&self, path: &str, form: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::post(path)
            .header(header::HOST, "127.0.0.1:8080")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(form.to_owned())).unwrap())
            .await
    }
}
