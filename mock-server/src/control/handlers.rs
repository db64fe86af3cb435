//! What the control API answers.

use std::sync::Arc;

use dropshot::{
    ClientErrorStatusCode, ErrorStatusCode, HttpResponseAccepted, HttpResponseCreated, HttpResponseDeleted, HttpResponseOk,
    HttpResponseUpdatedNoContent, Path, Query, RequestContext, TypedBody,
};
use serde_json::Value;

use super::general::{
    Accepted, Answer, AnswersQuery, AssetPath, Caching, CheckQuery, ClockChange, ClockState, Content, CoverageQuery, CoverageReport,
    Created, Credential, CredentialQuery, DEFAULT_SANDBOX, Deleted, DeliveryEntry, DeliveryPage, DeliveryPath, DeliveryQuery, DocumentPath,
    Entry, EventsQuery, ExchangePath, FaultPath, FaultState, Faults, Fork, Format, Har, Health, HttpError, JournalFilter, JournalPage,
    JournalQuery, LimitsChange, LimitsState, NewSubscription, ProfileSummary, ProviderSummary, Raw, ReferenceQuery, Refused, Reply,
    ResourcePath, RowPath, RowsQuery, RuleBody, RulesBody, Sandbox, SandboxChange, SandboxExport, SandboxList, SandboxPath, SandboxQuery,
    SandboxSummary, SchemeChange, SchemePath, SchemeState, SendRequest, SendResult, SequenceBody, SequenceState, Shell, State,
    SubscriptionEntry, SubscriptionPath, Updated, Verification, VerifyQuery, VerifyRequest, WebhookSummary,
};
use super::{
    address, answers, api::Control, coverage, credentials, document, events, faults, general, har, journal, limits, reference, sandboxes,
    state, time, webhooks,
};
use crate::{clock, inject};

/// Names of sandboxes that are shown where another one was asked for.
const NAMES: usize = 20;

pub(super) enum Handlers {}

type Context = RequestContext<Arc<Shell>>;

impl Control for Handlers {
    type Context = Arc<Shell>;

    async fn page(context: Context, query: Query<ReferenceQuery>) -> Raw {
        let asked = context.request.headers();
        reference::page(context.context(), query.into_inner(), asked)?.answer(asked)
    }

    async fn asset(context: Context, path: Path<AssetPath>) -> Raw {
        let file = path.into_inner().file;
        let mut content = reference::find(&file).ok_or_else(|| not_found(format!("the page has no file `{file}`")))?;
        if context.request.uri().query().is_some_and(|query| query.contains(&content.tag())) {
            content.caching = Caching::Keeps;
        }
        content.answer(context.request.headers())
    }

    async fn openapi(context: Context) -> Raw {
        let text = super::served_openapi(context.context().control_url().unwrap_or_default());
        let text = text.map_err(|error| HttpError::for_internal_error(error.to_string()))?;
        Content::text(Format::Json.media_type(), text).answer(context.request.headers())
    }

    async fn health(context: Context) -> Answer<Health> {
        let shell = context.context();
        let version = env!("CARGO_PKG_VERSION").to_owned();
        let sandboxes = shell.sandboxes.names();
        Ok(HttpResponseOk(Health { status: "ok".to_owned(), version, url: shell.url().to_owned(), sandboxes }))
    }

    async fn providers(context: Context) -> Answer<Vec<ProviderSummary>> {
        Ok(HttpResponseOk(context.context().summaries()))
    }

    async fn document(context: Context, path: Path<DocumentPath>, query: Query<SandboxQuery>) -> Raw {
        let shell = context.context();
        let file = path.into_inner().file;
        let parts = file.rsplit_once('.').and_then(|(name, extension)| Some((shell.provider(name)?, Format::of(extension)?)));
        let Some((provider, format)) = parts else {
            let names: Vec<_> = shell.slots.iter().map(|slot| format!("`{0}.yaml`, `{0}.json`", slot.name)).collect();
            return Err(not_found(format!("no document is named `{file}`; there are {}", names.join(", "))));
        };
        let sandbox = query.into_inner().sandbox;
        if let Some(name) = &sandbox {
            open(shell, name)?;
        }
        let asked = context.request.headers();
        let url = address::seen(shell.url(), asked, sandbox.as_deref());
        let text = document::render(&provider, &url, format).map_err(HttpError::for_internal_error)?;
        Content::text(format.media_type(), text).answer(asked)
    }

    async fn state(context: Context, query: Query<SandboxQuery>) -> Answer<State> {
        let shell = context.context();
        let sandbox = find(shell, query.into_inner().sandbox.as_deref())?;
        Ok(HttpResponseOk(State(shell.export(&sandbox))))
    }

    async fn reset(context: Context, query: Query<SandboxQuery>) -> Updated {
        let name = query.into_inner().sandbox;
        // A sandbox that nobody used yet is as it was at start.
        if let Some(sandbox) = context.context().sandboxes.find(name.as_deref().unwrap_or(DEFAULT_SANDBOX)) {
            sandbox.reset();
        }
        Ok(HttpResponseUpdatedNoContent())
    }

    async fn put_reset(context: Context, query: Query<SandboxQuery>) -> Updated {
        Self::reset(context, query).await
    }

    async fn list_sandboxes(context: Context) -> Answer<SandboxList> {
        Ok(HttpResponseOk(sandboxes::list(context.context())))
    }

    async fn get_sandbox(context: Context, path: Path<SandboxPath>) -> Answer<SandboxSummary> {
        let sandbox = sandboxes::existing(context.context(), &path.into_inner().sandbox)?;
        Ok(HttpResponseOk(sandboxes::summary(&sandbox)))
    }

    async fn set_sandbox(context: Context, path: Path<SandboxPath>, body: TypedBody<SandboxChange>) -> Answer<SandboxSummary> {
        sandboxes::change(context.context(), &path.into_inner().sandbox, &body.into_inner()).map(HttpResponseOk)
    }

    async fn delete_sandbox(context: Context, path: Path<SandboxPath>) -> Deleted {
        sandboxes::delete(context.context(), &path.into_inner().sandbox).map(|()| HttpResponseDeleted())
    }

    async fn reset_sandbox(context: Context, path: Path<SandboxPath>) -> Updated {
        open(context.context(), &path.into_inner().sandbox)?.reset();
        Ok(HttpResponseUpdatedNoContent())
    }

    async fn fork_sandbox(context: Context, path: Path<SandboxPath>, body: TypedBody<Fork>) -> Created<SandboxSummary> {
        let (path, body) = (path.into_inner(), body.into_inner());
        sandboxes::fork(context.context(), &path.sandbox, &body.to).map(HttpResponseCreated)
    }

    async fn export_sandbox(context: Context, path: Path<SandboxPath>) -> Answer<SandboxExport> {
        sandboxes::export(context.context(), &path.into_inner().sandbox).map(HttpResponseOk)
    }

    async fn import_sandbox(context: Context, path: Path<SandboxPath>, body: TypedBody<SandboxExport>) -> Answer<SandboxSummary> {
        sandboxes::import(context.context(), &path.into_inner().sandbox, &body.into_inner()).map(HttpResponseOk)
    }

    async fn get_clock(context: Context, path: Path<SandboxPath>) -> Answer<ClockState> {
        let sandbox = open(context.context(), &path.into_inner().sandbox)?;
        Ok(HttpResponseOk(time::show(&sandbox)))
    }

    async fn set_clock(context: Context, path: Path<SandboxPath>, body: TypedBody<ClockChange>) -> Answer<ClockState> {
        let sandbox = open(context.context(), &path.into_inner().sandbox)?;
        time::set(&sandbox, &body.into_inner()).map(HttpResponseOk)
    }

    async fn get_state(context: Context, path: Path<SandboxPath>) -> Answer<State> {
        let sandbox = open(context.context(), &path.into_inner().sandbox)?;
        Ok(HttpResponseOk(State(context.context().export(&sandbox))))
    }

    async fn list_rows(context: Context, path: Path<ResourcePath>, query: Query<RowsQuery>) -> Answer<Vec<Value>> {
        let query = query.into_inner();
        let place = path.into_inner().place(context.context())?;
        Ok(HttpResponseOk(place.list(query.offset.unwrap_or(0), query.limit.unwrap_or(usize::MAX))))
    }

    async fn seed_rows(
        context: Context,
        path: Path<ResourcePath>,
        query: Query<CheckQuery>,
        body: TypedBody<Vec<Value>>,
    ) -> Answer<Vec<Value>> {
        let place = path.into_inner().place(context.context())?;
        general::told(place.seed(&body.into_inner(), query.into_inner().check())).map(HttpResponseOk)
    }

    async fn add_rows(context: Context, path: Path<ResourcePath>, query: Query<CheckQuery>, body: TypedBody<Value>) -> Created<Vec<Value>> {
        let place = path.into_inner().place(context.context())?;
        general::told(place.add(&state::items(body.into_inner()), query.into_inner().check())).map(HttpResponseCreated)
    }

    async fn get_row(context: Context, path: Path<RowPath>) -> Answer<Value> {
        let path = path.into_inner();
        general::told(path.place(context.context())?.get(&path.key)).map(HttpResponseOk)
    }

    async fn put_row(context: Context, path: Path<RowPath>, query: Query<CheckQuery>, body: TypedBody<Value>) -> Answer<Value> {
        let path = path.into_inner();
        general::told(path.place(context.context())?.put(&path.key, &body.into_inner(), query.into_inner().check())).map(HttpResponseOk)
    }

    async fn patch_row(context: Context, path: Path<RowPath>, query: Query<CheckQuery>, body: TypedBody<Value>) -> Answer<Value> {
        let path = path.into_inner();
        general::told(path.place(context.context())?.patch(&path.key, &body.into_inner(), query.into_inner().check())).map(HttpResponseOk)
    }

    async fn delete_row(context: Context, path: Path<RowPath>) -> Deleted {
        let path = path.into_inner();
        general::told(path.place(context.context())?.remove(&path.key)).map(|()| HttpResponseDeleted())
    }

    async fn get_limits(context: Context, path: Path<SandboxPath>) -> Answer<LimitsState> {
        let sandbox = open(context.context(), &path.into_inner().sandbox)?;
        Ok(HttpResponseOk(limits::show(context.context(), &sandbox)))
    }

    async fn set_limits(context: Context, path: Path<SandboxPath>, body: TypedBody<LimitsChange>) -> Answer<LimitsState> {
        let sandbox = open(context.context(), &path.into_inner().sandbox)?;
        limits::set(context.context(), &sandbox, &body.into_inner()).map(HttpResponseOk)
    }

    async fn clear_limits(context: Context, path: Path<SandboxPath>) -> Deleted {
        let sandbox = open(context.context(), &path.into_inner().sandbox)?;
        limits::clear(context.context(), &sandbox);
        Ok(HttpResponseDeleted())
    }

    async fn list_credentials(context: Context, path: Path<SandboxPath>) -> Answer<Vec<SchemeState>> {
        credentials::list(context.context(), &path.into_inner()).map(HttpResponseOk)
    }

    async fn set_scheme(context: Context, path: Path<SchemePath>, body: TypedBody<SchemeChange>) -> Answer<SchemeState> {
        credentials::change(context.context(), &path.into_inner(), body.into_inner()).map(HttpResponseOk)
    }

    async fn add_credential(context: Context, path: Path<SchemePath>, body: TypedBody<Credential>) -> Answer<SchemeState> {
        credentials::add(context.context(), &path.into_inner(), body.into_inner()).map(HttpResponseOk)
    }

    async fn forget_credentials(context: Context, path: Path<SchemePath>, query: Query<CredentialQuery>) -> Deleted {
        credentials::forget(context.context(), &path.into_inner(), &query.into_inner()).map(|()| HttpResponseDeleted())
    }

    async fn list_faults(context: Context, path: Path<SandboxPath>) -> Answer<Vec<FaultState>> {
        faults::list(context.context(), &path.into_inner()).map(HttpResponseOk)
    }

    async fn add_faults(context: Context, path: Path<SandboxPath>, body: TypedBody<RulesBody>) -> Created<Vec<FaultState>> {
        faults::add(context.context(), &path.into_inner(), body.into_inner()).map(HttpResponseCreated)
    }

    async fn replace_faults(context: Context, path: Path<SandboxPath>, body: TypedBody<RulesBody>) -> Answer<Vec<FaultState>> {
        faults::replace(context.context(), &path.into_inner(), body.into_inner()).map(HttpResponseOk)
    }

    async fn clear_faults(context: Context, path: Path<SandboxPath>) -> Deleted {
        faults::clear(context.context(), &path.into_inner()).map(|()| HttpResponseDeleted())
    }

    async fn get_fault(context: Context, path: Path<FaultPath>) -> Answer<FaultState> {
        faults::get(context.context(), &path.into_inner()).map(HttpResponseOk)
    }

    async fn set_fault(context: Context, path: Path<FaultPath>, body: TypedBody<RuleBody>) -> Answer<FaultState> {
        faults::set(context.context(), path.into_inner(), body.into_inner()).map(HttpResponseOk)
    }

    async fn delete_fault(context: Context, path: Path<FaultPath>) -> Deleted {
        faults::remove(context.context(), &path.into_inner()).map(|()| HttpResponseDeleted())
    }

    async fn list_fault_profiles(_: Context) -> Answer<Vec<ProfileSummary>> {
        Ok(HttpResponseOk(inject::summaries()))
    }

    async fn list_answers(context: Context, path: Path<SandboxPath>) -> Answer<Vec<SequenceState>> {
        answers::list(context.context(), &path.into_inner()).map(HttpResponseOk)
    }

    async fn put_answers(context: Context, path: Path<SandboxPath>, body: TypedBody<SequenceBody>) -> Created<SequenceState> {
        answers::put(context.context(), &path.into_inner(), body.into_inner()).map(HttpResponseCreated)
    }

    async fn clear_answers(context: Context, path: Path<SandboxPath>, query: Query<AnswersQuery>) -> Deleted {
        answers::clear(context.context(), &path.into_inner(), &query.into_inner()).map(|()| HttpResponseDeleted())
    }

    async fn journal(context: Context, query: Query<JournalQuery>) -> Answer<JournalPage> {
        let query = query.into_inner();
        let sandbox = query.sandbox.clone().unwrap_or_else(|| DEFAULT_SANDBOX.to_owned());
        journal::page(context.context(), &sandbox, &query.into()).await.map(HttpResponseOk)
    }

    async fn list_exchanges(context: Context, path: Path<SandboxPath>, query: Query<JournalFilter>) -> Answer<JournalPage> {
        journal::page(context.context(), &path.into_inner().sandbox, &query.into_inner()).await.map(HttpResponseOk)
    }

    async fn clear_journal(context: Context, path: Path<SandboxPath>) -> Deleted {
        find(context.context(), Some(&path.into_inner().sandbox))?.journal.clear();
        Ok(HttpResponseDeleted())
    }

    async fn get_exchange(context: Context, path: Path<ExchangePath>) -> Answer<Entry> {
        journal::entry(context.context(), &path.into_inner()).map(HttpResponseOk)
    }

    async fn verify(
        context: Context,
        path: Path<SandboxPath>,
        query: Query<VerifyQuery>,
        body: TypedBody<VerifyRequest>,
    ) -> Answer<Verification> {
        let sandbox = path.into_inner().sandbox;
        journal::verify(context.context(), &sandbox, &query.into_inner(), &body.into_inner()).map(HttpResponseOk)
    }

    async fn journal_har(context: Context, path: Path<SandboxPath>, query: Query<JournalFilter>) -> Result<Reply<Har>, HttpError> {
        har::attached(context.context(), &path.into_inner().sandbox, &query.into_inner())
    }

    async fn journal_events(context: Context, path: Path<SandboxPath>, query: Query<EventsQuery>) -> Raw {
        let sandbox = open(context.context(), &path.into_inner().sandbox)?;
        events::follow(&context, &sandbox, &query.into_inner())
    }

    async fn coverage(context: Context, query: Query<CoverageQuery>) -> Result<Reply<CoverageReport>, HttpError> {
        coverage::report(context.context(), None, query.into_inner()).await
    }

    async fn reset_coverage(context: Context) -> Deleted {
        coverage::reset(context.context(), None).map(|()| HttpResponseDeleted())
    }

    async fn sandbox_coverage(
        context: Context,
        path: Path<SandboxPath>,
        query: Query<CoverageQuery>,
    ) -> Result<Reply<CoverageReport>, HttpError> {
        coverage::report(context.context(), Some(path.into_inner().sandbox), query.into_inner()).await
    }

    async fn reset_sandbox_coverage(context: Context, path: Path<SandboxPath>) -> Deleted {
        coverage::reset(context.context(), Some(&path.into_inner().sandbox)).map(|()| HttpResponseDeleted())
    }

    async fn list_webhooks(context: Context, path: Path<SandboxPath>) -> Answer<Vec<WebhookSummary>> {
        webhooks::list(context.context(), &path.into_inner().sandbox).map(HttpResponseOk)
    }

    async fn list_subscriptions(context: Context, path: Path<SandboxPath>) -> Answer<Vec<SubscriptionEntry>> {
        webhooks::subscriptions(context.context(), &path.into_inner().sandbox).map(HttpResponseOk)
    }

    async fn create_subscription(
        context: Context,
        path: Path<SandboxPath>,
        body: TypedBody<NewSubscription>,
    ) -> Created<SubscriptionEntry> {
        webhooks::subscribe(context.context(), &path.into_inner().sandbox, body.into_inner()).map(HttpResponseCreated)
    }

    async fn delete_subscription(context: Context, path: Path<SubscriptionPath>) -> Deleted {
        webhooks::unsubscribe(context.context(), &path.into_inner()).map(|()| HttpResponseDeleted())
    }

    async fn set_subscription_faults(context: Context, path: Path<SubscriptionPath>, body: TypedBody<Faults>) -> Answer<SubscriptionEntry> {
        webhooks::set_faults(context.context(), &path.into_inner(), body.into_inner()).map(HttpResponseOk)
    }

    async fn list_deliveries(context: Context, path: Path<SandboxPath>, query: Query<DeliveryQuery>) -> Answer<DeliveryPage> {
        let (sandbox, query) = (path.into_inner().sandbox, query.into_inner());
        webhooks::deliveries(context.context(), &sandbox, query).await.map(HttpResponseOk)
    }

    async fn get_delivery(context: Context, path: Path<DeliveryPath>) -> Answer<DeliveryEntry> {
        webhooks::delivery(context.context(), &path.into_inner()).map(HttpResponseOk)
    }

    async fn redeliver(context: Context, path: Path<DeliveryPath>) -> Accepted<DeliveryEntry> {
        webhooks::redeliver(context.context(), &path.into_inner()).map(HttpResponseAccepted)
    }

    async fn send_webhook(context: Context, path: Path<SandboxPath>, body: TypedBody<SendRequest>) -> Accepted<SendResult> {
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

pub(super) fn not_found(message: String) -> HttpError {
    HttpError::for_client_error(None, ClientErrorStatusCode::NOT_FOUND, message)
}
