//! What the control API answers.

use std::sync::Arc;

use dropshot::{
    Body, ClientErrorStatusCode, ErrorStatusCode, HttpError, HttpResponseCreated, HttpResponseDeleted, HttpResponseOk,
    HttpResponseUpdatedNoContent, Path, Query, RequestContext, TypedBody,
};
use http::{Response, header};
use serde_json::Value;

use super::{
    api::{Control, DocumentPath, Health, JournalPage, JournalQuery, SandboxQuery, State},
    document::{self, Format},
    limits::{self, LimitsChange, LimitsState},
    page,
    sandboxes::{self, Fork, SandboxChange, SandboxList, SandboxPath, SandboxSummary},
    state::{self, CheckQuery, ResourcePath, RowPath, RowsQuery},
    time::{self, ClockChange, ClockState},
};
use crate::{
    clock,
    edit::Refusal,
    journal::{Statuses, Wanted},
    sandbox::{DEFAULT_SANDBOX, Sandbox},
    sandboxes::Refused,
    shell::Shell,
    summary::ProviderSummary,
    transfer::SandboxExport,
};

/// Names of sandboxes that are shown where another one was asked for.
const NAMES: usize = 20;
/// Entries of a journal that are shown without a limit.
const ENTRIES: usize = 100;

pub(super) enum Handlers {}

type Context = RequestContext<Arc<Shell>>;

impl Control for Handlers {
    type Context = Arc<Shell>;

    async fn page(context: Context) -> Result<Response<Body>, HttpError> {
        let shell = context.context();
        content("text/html; charset=utf-8", page::render(&shell.summaries(), shell.url()))
    }

    async fn health(context: Context) -> Result<HttpResponseOk<Health>, HttpError> {
        let shell = context.context();
        let version = env!("CARGO_PKG_VERSION").to_owned();
        let sandboxes = shell.sandboxes.names();
        Ok(HttpResponseOk(Health { status: "ok".to_owned(), version, url: shell.url().to_owned(), sandboxes }))
    }

    async fn providers(context: Context) -> Result<HttpResponseOk<Vec<ProviderSummary>>, HttpError> {
        Ok(HttpResponseOk(context.context().summaries()))
    }

    async fn document(context: Context, path: Path<DocumentPath>) -> Result<Response<Body>, HttpError> {
        let shell = context.context();
        let file = path.into_inner().file;
        let parts = file.rsplit_once('.').and_then(|(name, extension)| Some((shell.provider(name)?, Format::of(extension)?)));
        let Some((provider, format)) = parts else {
            let names: Vec<_> = shell.slots.iter().map(|slot| format!("`{0}.yaml`, `{0}.json`", slot.name)).collect();
            return Err(not_found(format!("no document is named `{file}`; there are {}", names.join(", "))));
        };
        let text = document::render(&provider, shell.url(), format).map_err(HttpError::for_internal_error)?;
        content(format.media_type(), text)
    }

    async fn state(context: Context, query: Query<SandboxQuery>) -> Result<HttpResponseOk<State>, HttpError> {
        let shell = context.context();
        let sandbox = find(shell, query.into_inner().sandbox.as_deref())?;
        Ok(HttpResponseOk(State(shell.export(&sandbox))))
    }

    async fn reset(context: Context, query: Query<SandboxQuery>) -> Result<HttpResponseUpdatedNoContent, HttpError> {
        let name = query.into_inner().sandbox;
        // A sandbox that nobody used yet is as it was at start.
        if let Some(sandbox) = context.context().sandboxes.find(name.as_deref().unwrap_or(DEFAULT_SANDBOX)) {
            sandbox.reset();
        }
        Ok(HttpResponseUpdatedNoContent())
    }

    async fn put_reset(context: Context, query: Query<SandboxQuery>) -> Result<HttpResponseUpdatedNoContent, HttpError> {
        Self::reset(context, query).await
    }

    async fn list_sandboxes(context: Context) -> Result<HttpResponseOk<SandboxList>, HttpError> {
        Ok(HttpResponseOk(sandboxes::list(context.context())))
    }

    async fn get_sandbox(context: Context, path: Path<SandboxPath>) -> Result<HttpResponseOk<SandboxSummary>, HttpError> {
        let sandbox = sandboxes::existing(context.context(), &path.into_inner().sandbox)?;
        Ok(HttpResponseOk(sandboxes::summary(&sandbox)))
    }

    async fn set_sandbox(
        context: Context,
        path: Path<SandboxPath>,
        body: TypedBody<SandboxChange>,
    ) -> Result<HttpResponseOk<SandboxSummary>, HttpError> {
        sandboxes::change(context.context(), &path.into_inner().sandbox, &body.into_inner()).map(HttpResponseOk)
    }

    async fn delete_sandbox(context: Context, path: Path<SandboxPath>) -> Result<HttpResponseDeleted, HttpError> {
        sandboxes::delete(context.context(), &path.into_inner().sandbox).map(|()| HttpResponseDeleted())
    }

    async fn reset_sandbox(context: Context, path: Path<SandboxPath>) -> Result<HttpResponseUpdatedNoContent, HttpError> {
        open(context.context(), &path.into_inner().sandbox)?.reset();
        Ok(HttpResponseUpdatedNoContent())
    }

    async fn fork_sandbox(
        context: Context,
        path: Path<SandboxPath>,
        body: TypedBody<Fork>,
    ) -> Result<HttpResponseCreated<SandboxSummary>, HttpError> {
        let (path, body) = (path.into_inner(), body.into_inner());
        sandboxes::fork(context.context(), &path.sandbox, &body.to).map(HttpResponseCreated)
    }

    async fn export_sandbox(context: Context, path: Path<SandboxPath>) -> Result<HttpResponseOk<SandboxExport>, HttpError> {
        sandboxes::export(context.context(), &path.into_inner().sandbox).map(HttpResponseOk)
    }

    async fn import_sandbox(
        context: Context,
        path: Path<SandboxPath>,
        body: TypedBody<SandboxExport>,
    ) -> Result<HttpResponseOk<SandboxSummary>, HttpError> {
        sandboxes::import(context.context(), &path.into_inner().sandbox, &body.into_inner()).map(HttpResponseOk)
    }

    async fn get_clock(context: Context, path: Path<SandboxPath>) -> Result<HttpResponseOk<ClockState>, HttpError> {
        let sandbox = open(context.context(), &path.into_inner().sandbox)?;
        Ok(HttpResponseOk(time::show(&sandbox)))
    }

    async fn set_clock(
        context: Context,
        path: Path<SandboxPath>,
        body: TypedBody<ClockChange>,
    ) -> Result<HttpResponseOk<ClockState>, HttpError> {
        let sandbox = open(context.context(), &path.into_inner().sandbox)?;
        time::set(&sandbox, &body.into_inner()).map(HttpResponseOk)
    }

    async fn get_state(context: Context, path: Path<SandboxPath>) -> Result<HttpResponseOk<State>, HttpError> {
        let sandbox = open(context.context(), &path.into_inner().sandbox)?;
        Ok(HttpResponseOk(State(context.context().export(&sandbox))))
    }

    async fn list_rows(
        context: Context,
        path: Path<ResourcePath>,
        query: Query<RowsQuery>,
    ) -> Result<HttpResponseOk<Vec<Value>>, HttpError> {
        let query = query.into_inner();
        let place = path.into_inner().place(context.context())?;
        Ok(HttpResponseOk(place.list(query.offset.unwrap_or(0), query.limit.unwrap_or(usize::MAX))))
    }

    async fn seed_rows(
        context: Context,
        path: Path<ResourcePath>,
        query: Query<CheckQuery>,
        body: TypedBody<Vec<Value>>,
    ) -> Result<HttpResponseOk<Vec<Value>>, HttpError> {
        let place = path.into_inner().place(context.context())?;
        told(place.seed(&body.into_inner(), query.into_inner().check())).map(HttpResponseOk)
    }

    async fn add_rows(
        context: Context,
        path: Path<ResourcePath>,
        query: Query<CheckQuery>,
        body: TypedBody<Value>,
    ) -> Result<HttpResponseCreated<Vec<Value>>, HttpError> {
        let place = path.into_inner().place(context.context())?;
        told(place.add(&state::items(body.into_inner()), query.into_inner().check())).map(HttpResponseCreated)
    }

    async fn get_row(context: Context, path: Path<RowPath>) -> Result<HttpResponseOk<Value>, HttpError> {
        let path = path.into_inner();
        told(path.place(context.context())?.get(&path.key)).map(HttpResponseOk)
    }

    async fn put_row(
        context: Context,
        path: Path<RowPath>,
        query: Query<CheckQuery>,
        body: TypedBody<Value>,
    ) -> Result<HttpResponseOk<Value>, HttpError> {
        let path = path.into_inner();
        told(path.place(context.context())?.put(&path.key, &body.into_inner(), query.into_inner().check())).map(HttpResponseOk)
    }

    async fn patch_row(
        context: Context,
        path: Path<RowPath>,
        query: Query<CheckQuery>,
        body: TypedBody<Value>,
    ) -> Result<HttpResponseOk<Value>, HttpError> {
        let path = path.into_inner();
        told(path.place(context.context())?.patch(&path.key, &body.into_inner(), query.into_inner().check())).map(HttpResponseOk)
    }

    async fn delete_row(context: Context, path: Path<RowPath>) -> Result<HttpResponseDeleted, HttpError> {
        let path = path.into_inner();
        told(path.place(context.context())?.remove(&path.key)).map(|()| HttpResponseDeleted())
    }

    async fn get_limits(context: Context, path: Path<SandboxPath>) -> Result<HttpResponseOk<LimitsState>, HttpError> {
        let sandbox = open(context.context(), &path.into_inner().sandbox)?;
        Ok(HttpResponseOk(limits::show(context.context(), &sandbox)))
    }

    async fn set_limits(
        context: Context,
        path: Path<SandboxPath>,
        body: TypedBody<LimitsChange>,
    ) -> Result<HttpResponseOk<LimitsState>, HttpError> {
        let sandbox = open(context.context(), &path.into_inner().sandbox)?;
        limits::set(context.context(), &sandbox, &body.into_inner()).map(HttpResponseOk)
    }

    async fn clear_limits(context: Context, path: Path<SandboxPath>) -> Result<HttpResponseDeleted, HttpError> {
        let sandbox = open(context.context(), &path.into_inner().sandbox)?;
        limits::clear(context.context(), &sandbox);
        Ok(HttpResponseDeleted())
    }

    async fn journal(context: Context, query: Query<JournalQuery>) -> Result<HttpResponseOk<JournalPage>, HttpError> {
        let shell = context.context();
        let query = query.into_inner();
        let sandbox = find(shell, query.sandbox.as_deref())?;
        let status = query.status.as_deref().map(statuses).transpose()?;
        let wanted = Wanted { provider: query.provider.as_deref(), operation: query.operation.as_deref(), status };
        let entries = sandbox.journal.newest(query.limit.unwrap_or(ENTRIES), |record| shell.show(record, &wanted));
        let counts = sandbox.journal.counts();
        let (exchanges, forgotten, defects) = (counts.exchanges, counts.forgotten, counts.defects);
        Ok(HttpResponseOk(JournalPage { entries, exchanges, forgotten, defects }))
    }
}

/// The sandbox of this name, made if need be: what is set in it beforehand is there when its first request comes.
pub(super) fn open(shell: &Shell, name: &str) -> Result<Arc<Sandbox>, HttpError> {
    shell.sandboxes.open(name, clock::now()).map_err(|why| refused(shell, name, why))
}

/// Why a sandbox cannot be had.
pub(super) fn refused(shell: &Shell, name: &str, why: Refused) -> HttpError {
    let status = match why {
        Refused::Name => ErrorStatusCode::BAD_REQUEST,
        Refused::Taken => ErrorStatusCode::CONFLICT,
        Refused::Count | Refused::Memory => ErrorStatusCode::INSUFFICIENT_STORAGE,
    };
    sandboxes::error(status, why.explain(name, shell.sandboxes.bounds()))
}

fn find(shell: &Shell, name: Option<&str>) -> Result<Arc<Sandbox>, HttpError> {
    sandboxes::existing(shell, name.unwrap_or(DEFAULT_SANDBOX))
}

/// There is no such sandbox: says which there are, some of them when they are many.
pub(super) fn no_such_sandbox(shell: &Shell, name: &str) -> HttpError {
    let names = shell.sandboxes.names();
    let more = names.len().checked_sub(NAMES).filter(|more| *more > 0).map(|more| format!(" and {more} more")).unwrap_or_default();
    let names = names.into_iter().take(NAMES).collect::<Vec<_>>().join(", ");
    not_found(format!("no request named the sandbox `{name}` yet; there are {names}{more}"))
}

fn told<T>(done: Result<T, Refusal>) -> Result<T, HttpError> {
    done.map_err(|refusal| sandboxes::explain(&refusal))
}

fn statuses(text: &str) -> Result<Statuses, HttpError> {
    let message = || format!("`{text}` is no status; write `404`, or `4XX` for all that begin so");
    Statuses::parse(text).ok_or_else(|| HttpError::for_bad_request(None, message()))
}

fn not_found(message: String) -> HttpError {
    HttpError::for_client_error(None, ClientErrorStatusCode::NOT_FOUND, message)
}

fn content(media_type: &str, text: String) -> Result<Response<Body>, HttpError> {
    Ok(Response::builder().header(header::CONTENT_TYPE, media_type).body(Body::from(text))?)
}
