//! What the control API answers.

use std::sync::Arc;

use dropshot::{
    Body, ClientErrorStatusCode, ErrorStatusCode, HttpResponseAccepted, HttpResponseCreated, HttpResponseDeleted, HttpResponseOk,
    HttpResponseUpdatedNoContent, Path, Query, RequestContext, TypedBody,
};
use http::{Response, header};
use serde_json::Value;

use super::{
    answers::{self, AnswersQuery, SequenceState},
    api::{Control, DocumentPath, Health, SandboxQuery, State},
    coverage::{self, CoverageQuery},
    credentials::{self, CredentialQuery, SchemePath},
    document::{self, Format},
    events::{self, EventsQuery},
    faults::{self, FaultPath, FaultState},
    har::{self, Har},
    journal::{self, ExchangePath, JournalFilter, JournalPage, JournalQuery, VerifyQuery},
    limits::{self, LimitsChange, LimitsState},
    page,
    refusal::HttpError,
    reply::Reply,
    sandboxes::{self, Fork, SandboxChange, SandboxList, SandboxPath, SandboxSummary},
    state::{self, CheckQuery, ResourcePath, RowPath, RowsQuery},
    time::{self, ClockChange, ClockState},
    webhooks::{
        self, DeliveryEntry, DeliveryPage, DeliveryPath, DeliveryQuery, NewSubscription, SendRequest, SendResult, SubscriptionEntry,
        SubscriptionPath, WebhookSummary,
    },
};
use crate::{
    clock,
    coverage::CoverageReport,
    credentials::{Credential, SchemeChange, SchemeState},
    edit::Refusal,
    inject::{self, ProfileSummary, RuleBody, RulesBody, SequenceBody},
    journal::{Entry, Verification, VerifyRequest},
    sandbox::{DEFAULT_SANDBOX, Sandbox},
    sandboxes::Refused,
    shell::Shell,
    summary::ProviderSummary,
    transfer::SandboxExport,
    webhooks::Faults,
};

/// Names of sandboxes that are shown where another one was asked for.
const NAMES: usize = 20;

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

    async fn list_credentials(context: Context, path: Path<SandboxPath>) -> Result<HttpResponseOk<Vec<SchemeState>>, HttpError> {
        credentials::list(context.context(), &path.into_inner()).map(HttpResponseOk)
    }

    async fn set_scheme(
        context: Context,
        path: Path<SchemePath>,
        body: TypedBody<SchemeChange>,
    ) -> Result<HttpResponseOk<SchemeState>, HttpError> {
        credentials::change(context.context(), &path.into_inner(), body.into_inner()).map(HttpResponseOk)
    }

    async fn add_credential(
        context: Context,
        path: Path<SchemePath>,
        body: TypedBody<Credential>,
    ) -> Result<HttpResponseOk<SchemeState>, HttpError> {
        credentials::add(context.context(), &path.into_inner(), body.into_inner()).map(HttpResponseOk)
    }

    async fn forget_credentials(
        context: Context,
        path: Path<SchemePath>,
        query: Query<CredentialQuery>,
    ) -> Result<HttpResponseDeleted, HttpError> {
        credentials::forget(context.context(), &path.into_inner(), &query.into_inner()).map(|()| HttpResponseDeleted())
    }

    async fn list_faults(context: Context, path: Path<SandboxPath>) -> Result<HttpResponseOk<Vec<FaultState>>, HttpError> {
        faults::list(context.context(), &path.into_inner()).map(HttpResponseOk)
    }

    async fn add_faults(
        context: Context,
        path: Path<SandboxPath>,
        body: TypedBody<RulesBody>,
    ) -> Result<HttpResponseCreated<Vec<FaultState>>, HttpError> {
        faults::add(context.context(), &path.into_inner(), body.into_inner()).map(HttpResponseCreated)
    }

    async fn replace_faults(
        context: Context,
        path: Path<SandboxPath>,
        body: TypedBody<RulesBody>,
    ) -> Result<HttpResponseOk<Vec<FaultState>>, HttpError> {
        faults::replace(context.context(), &path.into_inner(), body.into_inner()).map(HttpResponseOk)
    }

    async fn clear_faults(context: Context, path: Path<SandboxPath>) -> Result<HttpResponseDeleted, HttpError> {
        faults::clear(context.context(), &path.into_inner()).map(|()| HttpResponseDeleted())
    }

    async fn get_fault(context: Context, path: Path<FaultPath>) -> Result<HttpResponseOk<FaultState>, HttpError> {
        faults::get(context.context(), &path.into_inner()).map(HttpResponseOk)
    }

    async fn set_fault(
        context: Context,
        path: Path<FaultPath>,
        body: TypedBody<RuleBody>,
    ) -> Result<HttpResponseOk<FaultState>, HttpError> {
        faults::set(context.context(), path.into_inner(), body.into_inner()).map(HttpResponseOk)
    }

    async fn delete_fault(context: Context, path: Path<FaultPath>) -> Result<HttpResponseDeleted, HttpError> {
        faults::remove(context.context(), &path.into_inner()).map(|()| HttpResponseDeleted())
    }

    async fn list_fault_profiles(_: Context) -> Result<HttpResponseOk<Vec<ProfileSummary>>, HttpError> {
        Ok(HttpResponseOk(inject::summaries()))
    }

    async fn list_answers(context: Context, path: Path<SandboxPath>) -> Result<HttpResponseOk<Vec<SequenceState>>, HttpError> {
        answers::list(context.context(), &path.into_inner()).map(HttpResponseOk)
    }

    async fn put_answers(
        context: Context,
        path: Path<SandboxPath>,
        body: TypedBody<SequenceBody>,
    ) -> Result<HttpResponseCreated<SequenceState>, HttpError> {
        answers::put(context.context(), &path.into_inner(), body.into_inner()).map(HttpResponseCreated)
    }

    async fn clear_answers(
        context: Context,
        path: Path<SandboxPath>,
        query: Query<AnswersQuery>,
    ) -> Result<HttpResponseDeleted, HttpError> {
        answers::clear(context.context(), &path.into_inner(), &query.into_inner()).map(|()| HttpResponseDeleted())
    }

    async fn journal(context: Context, query: Query<JournalQuery>) -> Result<HttpResponseOk<JournalPage>, HttpError> {
        let query = query.into_inner();
        let sandbox = query.sandbox.clone().unwrap_or_else(|| DEFAULT_SANDBOX.to_owned());
        journal::page(context.context(), &sandbox, &query.into()).await.map(HttpResponseOk)
    }

    async fn list_exchanges(
        context: Context,
        path: Path<SandboxPath>,
        query: Query<JournalFilter>,
    ) -> Result<HttpResponseOk<JournalPage>, HttpError> {
        journal::page(context.context(), &path.into_inner().sandbox, &query.into_inner()).await.map(HttpResponseOk)
    }

    async fn clear_journal(context: Context, path: Path<SandboxPath>) -> Result<HttpResponseDeleted, HttpError> {
        find(context.context(), Some(&path.into_inner().sandbox))?.journal.clear();
        Ok(HttpResponseDeleted())
    }

    async fn get_exchange(context: Context, path: Path<ExchangePath>) -> Result<HttpResponseOk<Entry>, HttpError> {
        journal::entry(context.context(), &path.into_inner()).map(HttpResponseOk)
    }

    async fn verify(
        context: Context,
        path: Path<SandboxPath>,
        query: Query<VerifyQuery>,
        body: TypedBody<VerifyRequest>,
    ) -> Result<HttpResponseOk<Verification>, HttpError> {
        let sandbox = path.into_inner().sandbox;
        journal::verify(context.context(), &sandbox, &query.into_inner(), &body.into_inner()).map(HttpResponseOk)
    }

    async fn journal_har(context: Context, path: Path<SandboxPath>, query: Query<JournalFilter>) -> Result<Reply<Har>, HttpError> {
        har::attached(context.context(), &path.into_inner().sandbox, &query.into_inner())
    }

    async fn journal_events(context: Context, path: Path<SandboxPath>, query: Query<EventsQuery>) -> Result<Response<Body>, HttpError> {
        let sandbox = open(context.context(), &path.into_inner().sandbox)?;
        events::follow(&context, &sandbox, &query.into_inner())
    }

    async fn coverage(context: Context, query: Query<CoverageQuery>) -> Result<Reply<CoverageReport>, HttpError> {
        coverage::report(context.context(), None, query.into_inner()).await
    }

    async fn reset_coverage(context: Context) -> Result<HttpResponseDeleted, HttpError> {
        coverage::reset(context.context(), None).map(|()| HttpResponseDeleted())
    }

    async fn sandbox_coverage(
        context: Context,
        path: Path<SandboxPath>,
        query: Query<CoverageQuery>,
    ) -> Result<Reply<CoverageReport>, HttpError> {
        coverage::report(context.context(), Some(path.into_inner().sandbox), query.into_inner()).await
    }

    async fn reset_sandbox_coverage(context: Context, path: Path<SandboxPath>) -> Result<HttpResponseDeleted, HttpError> {
        coverage::reset(context.context(), Some(&path.into_inner().sandbox)).map(|()| HttpResponseDeleted())
    }

    async fn list_webhooks(context: Context, path: Path<SandboxPath>) -> Result<HttpResponseOk<Vec<WebhookSummary>>, HttpError> {
        webhooks::list(context.context(), &path.into_inner().sandbox).map(HttpResponseOk)
    }

    async fn list_subscriptions(context: Context, path: Path<SandboxPath>) -> Result<HttpResponseOk<Vec<SubscriptionEntry>>, HttpError> {
        webhooks::subscriptions(context.context(), &path.into_inner().sandbox).map(HttpResponseOk)
    }

    async fn create_subscription(
        context: Context,
        path: Path<SandboxPath>,
        body: TypedBody<NewSubscription>,
    ) -> Result<HttpResponseCreated<SubscriptionEntry>, HttpError> {
        webhooks::subscribe(context.context(), &path.into_inner().sandbox, body.into_inner()).map(HttpResponseCreated)
    }

    async fn delete_subscription(context: Context, path: Path<SubscriptionPath>) -> Result<HttpResponseDeleted, HttpError> {
        webhooks::unsubscribe(context.context(), &path.into_inner()).map(|()| HttpResponseDeleted())
    }

    async fn set_subscription_faults(
        context: Context,
        path: Path<SubscriptionPath>,
        body: TypedBody<Faults>,
    ) -> Result<HttpResponseOk<SubscriptionEntry>, HttpError> {
        webhooks::set_faults(context.context(), &path.into_inner(), body.into_inner()).map(HttpResponseOk)
    }

    async fn list_deliveries(
        context: Context,
        path: Path<SandboxPath>,
        query: Query<DeliveryQuery>,
    ) -> Result<HttpResponseOk<DeliveryPage>, HttpError> {
        let (sandbox, query) = (path.into_inner().sandbox, query.into_inner());
        webhooks::deliveries(context.context(), &sandbox, query).await.map(HttpResponseOk)
    }

    async fn get_delivery(context: Context, path: Path<DeliveryPath>) -> Result<HttpResponseOk<DeliveryEntry>, HttpError> {
        webhooks::delivery(context.context(), &path.into_inner()).map(HttpResponseOk)
    }

    async fn redeliver(context: Context, path: Path<DeliveryPath>) -> Result<HttpResponseAccepted<DeliveryEntry>, HttpError> {
        webhooks::redeliver(context.context(), &path.into_inner()).map(HttpResponseAccepted)
    }

    async fn send_webhook(
        context: Context,
        path: Path<SandboxPath>,
        body: TypedBody<SendRequest>,
    ) -> Result<HttpResponseAccepted<SendResult>, HttpError> {
        webhooks::send(context.context(), &path.into_inner().sandbox, &body.into_inner()).map(HttpResponseAccepted)
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

pub(super) fn find(shell: &Shell, name: Option<&str>) -> Result<Arc<Sandbox>, HttpError> {
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

pub(super) fn not_found(message: String) -> HttpError {
    HttpError::for_client_error(None, ClientErrorStatusCode::NOT_FOUND, message)
}

fn content(media_type: &str, text: String) -> Result<Response<Body>, HttpError> {
    Ok(Response::builder().header(header::CONTENT_TYPE, media_type).body(Body::from(text))?)
}
