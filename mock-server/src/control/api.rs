//! The control API as a trait, from which dropshot writes its OpenAPI document.

use dropshot::{Path, Query, RequestContext, TypedBody};
use serde_json::Value;

use super::general::{
    Accepted, Answer, AnswersQuery, AssetPath, CheckQuery, ClockChange, ClockState, CoverageQuery, CoverageReport, Created, Credential,
    CredentialQuery, Deleted, DeliveryEntry, DeliveryPage, DeliveryPath, DeliveryQuery, DocumentPath, Entry, EventsQuery, ExchangePath,
    FaultPath, FaultState, Faults, Fork, Har, Health, HttpError, JournalFilter, JournalPage, JournalQuery, LimitsChange, LimitsState,
    NewSubscription, ProfileSummary, ProviderSummary, Raw, ReferenceQuery, Reply, ResourcePath, RowPath, RowsQuery, RuleBody, RulesBody,
    SandboxChange, SandboxExport, SandboxList, SandboxPath, SandboxQuery, SandboxSummary, SchemeChange, SchemePath, SchemeState,
    SendRequest, SendResult, SequenceBody, SequenceState, State, SubscriptionEntry, SubscriptionPath, Updated, Verification, VerifyQuery,
    VerifyRequest, WebhookSummary,
};

/// Looks into a mock and sets it back, while clients use it.
#[dropshot::api_description { module = "description" }]
pub(crate) trait Control {
    /// What the implementation knows.
    type Context;

    /// A page for people: the API reference, where every operation can be tried
    #[endpoint { method = GET, path = "/", unpublished = true }]
    async fn page(context: RequestContext<Self::Context>, query: Query<ReferenceQuery>) -> Raw;

    /// What the page loads
    #[endpoint { method = GET, path = "/reference/{file}", unpublished = true }]
    async fn asset(context: RequestContext<Self::Context>, path: Path<AssetPath>) -> Raw;

    /// This document
    #[endpoint { method = GET, path = "/openapi.json" }]
    async fn openapi(context: RequestContext<Self::Context>) -> Raw;

    /// Whether the mock answers
    #[endpoint { method = GET, path = "/health" }]
    async fn health(context: RequestContext<Self::Context>) -> Answer<Health>;

    /// What the mock serves, where, and with which credentials
    #[endpoint { method = GET, path = "/providers" }]
    async fn providers(context: RequestContext<Self::Context>) -> Answer<Vec<ProviderSummary>>;

    /// A provider's document, with the mock as its server
    ///
    /// The name of the provider with `.yaml` or `.json` behind it; other files are bundled into it. With a sandbox, the
    /// mock is the server in that sandbox.
    #[endpoint { method = GET, path = "/documents/{file}" }]
    async fn document(context: RequestContext<Self::Context>, path: Path<DocumentPath>, query: Query<SandboxQuery>) -> Raw;

    /// All rows of a sandbox, by provider and resource
    #[endpoint { method = GET, path = "/state" }]
    async fn state(context: RequestContext<Self::Context>, query: Query<SandboxQuery>) -> Answer<State>;

    /// Makes a sandbox as it was at start, its journal included
    #[endpoint { method = POST, path = "/reset" }]
    async fn reset(context: RequestContext<Self::Context>, query: Query<SandboxQuery>) -> Updated;

    /// The same, for those who hold that what can be repeated is a PUT
    #[endpoint { method = PUT, path = "/reset", unpublished = true }]
    async fn put_reset(context: RequestContext<Self::Context>, query: Query<SandboxQuery>) -> Updated;

    // Sandboxes and their clocks.
    /// The sandboxes that there are, and those that had to go
    #[endpoint { method = GET, path = "/sandboxes" }]
    async fn list_sandboxes(context: RequestContext<Self::Context>) -> Answer<SandboxList>;

    /// A sandbox
    #[endpoint { method = GET, path = "/sandboxes/{sandbox}" }]
    async fn get_sandbox(context: RequestContext<Self::Context>, path: Path<SandboxPath>) -> Answer<SandboxSummary>;

    /// Makes a sandbox, or changes its seed, its clock or its limits
    #[endpoint { method = PUT, path = "/sandboxes/{sandbox}" }]
    async fn set_sandbox(
        context: RequestContext<Self::Context>,
        path: Path<SandboxPath>,
        body: TypedBody<SandboxChange>,
    ) -> Answer<SandboxSummary>;

    /// Forgets a sandbox with all that was set in it; `default` begins anew
    #[endpoint { method = DELETE, path = "/sandboxes/{sandbox}" }]
    async fn delete_sandbox(context: RequestContext<Self::Context>, path: Path<SandboxPath>) -> Deleted;

    /// Makes state, counters and journal of a sandbox as they were at start
    ///
    /// Its seed, its clock and how it keeps limits stay.
    #[endpoint { method = POST, path = "/sandboxes/{sandbox}/reset" }]
    async fn reset_sandbox(context: RequestContext<Self::Context>, path: Path<SandboxPath>) -> Updated;

    /// Makes a new sandbox that is as this one is now, with an empty journal
    #[endpoint { method = POST, path = "/sandboxes/{sandbox}/fork" }]
    async fn fork_sandbox(
        context: RequestContext<Self::Context>,
        path: Path<SandboxPath>,
        body: TypedBody<Fork>,
    ) -> Created<SandboxSummary>;

    /// A sandbox as one document, whole but for its journal
    #[endpoint { method = GET, path = "/sandboxes/{sandbox}/export" }]
    async fn export_sandbox(context: RequestContext<Self::Context>, path: Path<SandboxPath>) -> Answer<SandboxExport>;

    /// Lets a sandbox be what was exported: all of it, or when something does not fit, nothing
    #[endpoint { method = PUT, path = "/sandboxes/{sandbox}/import" }]
    async fn import_sandbox(
        context: RequestContext<Self::Context>,
        path: Path<SandboxPath>,
        body: TypedBody<SandboxExport>,
    ) -> Answer<SandboxSummary>;

    /// What time it is in a sandbox
    #[endpoint { method = GET, path = "/sandboxes/{sandbox}/clock" }]
    async fn get_clock(context: RequestContext<Self::Context>, path: Path<SandboxPath>) -> Answer<ClockState>;

    /// Lets the clock of a sandbox run, stops it, or moves it
    #[endpoint { method = PUT, path = "/sandboxes/{sandbox}/clock" }]
    async fn set_clock(context: RequestContext<Self::Context>, path: Path<SandboxPath>, body: TypedBody<ClockChange>)
    -> Answer<ClockState>;

    // State: rows by resource.
    /// All rows of a sandbox, by provider and resource
    #[endpoint { method = GET, path = "/sandboxes/{sandbox}/state" }]
    async fn get_state(context: RequestContext<Self::Context>, path: Path<SandboxPath>) -> Answer<State>;

    /// The rows of a resource, oldest first
    #[endpoint { method = GET, path = "/sandboxes/{sandbox}/state/{provider}/{resource}" }]
    async fn list_rows(context: RequestContext<Self::Context>, path: Path<ResourcePath>, query: Query<RowsQuery>) -> Answer<Vec<Value>>;

    /// Puts a list of rows in the place of all rows of a resource
    ///
    /// A row is what reading it returns, with the parents that it hangs on. One without a key gets a new one.
    #[endpoint { method = PUT, path = "/sandboxes/{sandbox}/state/{provider}/{resource}" }]
    async fn seed_rows(
        context: RequestContext<Self::Context>,
        path: Path<ResourcePath>,
        query: Query<CheckQuery>,
        body: TypedBody<Vec<Value>>,
    ) -> Answer<Vec<Value>>;

    /// Adds a row, or a list of rows, to a resource: all or none
    #[endpoint { method = POST, path = "/sandboxes/{sandbox}/state/{provider}/{resource}" }]
    async fn add_rows(
        context: RequestContext<Self::Context>,
        path: Path<ResourcePath>,
        query: Query<CheckQuery>,
        body: TypedBody<Value>,
    ) -> Created<Vec<Value>>;

    /// A row
    #[endpoint { method = GET, path = "/sandboxes/{sandbox}/state/{provider}/{resource}/{key}" }]
    async fn get_row(context: RequestContext<Self::Context>, path: Path<RowPath>) -> Answer<Value>;

    /// Puts a row there, whether or not there is one
    #[endpoint { method = PUT, path = "/sandboxes/{sandbox}/state/{provider}/{resource}/{key}" }]
    async fn put_row(
        context: RequestContext<Self::Context>,
        path: Path<RowPath>,
        query: Query<CheckQuery>,
        body: TypedBody<Value>,
    ) -> Answer<Value>;

    /// Changes a row by a JSON Merge Patch (RFC 7396)
    #[endpoint { method = PATCH, path = "/sandboxes/{sandbox}/state/{provider}/{resource}/{key}" }]
    async fn patch_row(
        context: RequestContext<Self::Context>,
        path: Path<RowPath>,
        query: Query<CheckQuery>,
        body: TypedBody<Value>,
    ) -> Answer<Value>;

    /// Removes a row
    #[endpoint { method = DELETE, path = "/sandboxes/{sandbox}/state/{provider}/{resource}/{key}" }]
    async fn delete_row(context: RequestContext<Self::Context>, path: Path<RowPath>) -> Deleted;

    // Credentials and their life.
    /// The security schemes of all providers, with the credentials that are known in a sandbox
    #[endpoint { method = GET, path = "/sandboxes/{sandbox}/credentials" }]
    async fn list_credentials(context: RequestContext<Self::Context>, path: Path<SandboxPath>) -> Answer<Vec<SchemeState>>;

    /// Changes how a scheme refuses: the next requests, all older credentials, or all that are not known
    #[endpoint { method = PUT, path = "/sandboxes/{sandbox}/credentials/{provider}/{scheme}" }]
    async fn set_scheme(
        context: RequestContext<Self::Context>,
        path: Path<SchemePath>,
        body: TypedBody<SchemeChange>,
    ) -> Answer<SchemeState>;

    /// Adds a credential to a scheme, or puts it in the place of the one that is known
    #[endpoint { method = POST, path = "/sandboxes/{sandbox}/credentials/{provider}/{scheme}" }]
    async fn add_credential(
        context: RequestContext<Self::Context>,
        path: Path<SchemePath>,
        body: TypedBody<Credential>,
    ) -> Answer<SchemeState>;

    /// Forgets a credential that was added or given out, or all of them and what was changed
    #[endpoint { method = DELETE, path = "/sandboxes/{sandbox}/credentials/{provider}/{scheme}" }]
    async fn forget_credentials(context: RequestContext<Self::Context>, path: Path<SchemePath>, query: Query<CredentialQuery>) -> Deleted;

    // Limits of rate.
    /// How the limits of a sandbox stand, by provider and credential
    #[endpoint { method = GET, path = "/sandboxes/{sandbox}/limits" }]
    async fn get_limits(context: RequestContext<Self::Context>, path: Path<SandboxPath>) -> Answer<LimitsState>;

    /// Enforces the limits of a sandbox or not, and lets them be other than the documents say
    #[endpoint { method = PUT, path = "/sandboxes/{sandbox}/limits" }]
    async fn set_limits(
        context: RequestContext<Self::Context>,
        path: Path<SandboxPath>,
        body: TypedBody<LimitsChange>,
    ) -> Answer<LimitsState>;

    /// Begins all windows of limits anew
    #[endpoint { method = DELETE, path = "/sandboxes/{sandbox}/limits" }]
    async fn clear_limits(context: RequestContext<Self::Context>, path: Path<SandboxPath>) -> Deleted;

    // Faults.
    /// What goes wrong in a sandbox, with how often it did
    #[endpoint { method = GET, path = "/sandboxes/{sandbox}/faults" }]
    async fn list_faults(context: RequestContext<Self::Context>, path: Path<SandboxPath>) -> Answer<Vec<FaultState>>;

    /// Lets something go wrong in a sandbox besides
    ///
    /// One rule, several, or the text of the header `x-mock-fault`. A rule with the id of another takes its place.
    #[endpoint { method = POST, path = "/sandboxes/{sandbox}/faults" }]
    async fn add_faults(
        context: RequestContext<Self::Context>,
        path: Path<SandboxPath>,
        body: TypedBody<RulesBody>,
    ) -> Created<Vec<FaultState>>;

    /// Lets this go wrong in a sandbox, and nothing else
    #[endpoint { method = PUT, path = "/sandboxes/{sandbox}/faults" }]
    async fn replace_faults(
        context: RequestContext<Self::Context>,
        path: Path<SandboxPath>,
        body: TypedBody<RulesBody>,
    ) -> Answer<Vec<FaultState>>;

    /// Lets nothing go wrong in a sandbox any more
    ///
    /// Those that the mock was started with go too; a reset of the sandbox brings them back.
    #[endpoint { method = DELETE, path = "/sandboxes/{sandbox}/faults" }]
    async fn clear_faults(context: RequestContext<Self::Context>, path: Path<SandboxPath>) -> Deleted;

    /// One of the faults of a sandbox
    #[endpoint { method = GET, path = "/sandboxes/{sandbox}/faults/{id}" }]
    async fn get_fault(context: RequestContext<Self::Context>, path: Path<FaultPath>) -> Answer<FaultState>;

    /// Sets a fault of a sandbox, its counters at 0
    #[endpoint { method = PUT, path = "/sandboxes/{sandbox}/faults/{id}" }]
    async fn set_fault(context: RequestContext<Self::Context>, path: Path<FaultPath>, body: TypedBody<RuleBody>) -> Answer<FaultState>;

    /// Takes a fault of a sandbox away
    #[endpoint { method = DELETE, path = "/sandboxes/{sandbox}/faults/{id}" }]
    async fn delete_fault(context: RequestContext<Self::Context>, path: Path<FaultPath>) -> Deleted;

    /// Faults by a name, with their rules
    #[endpoint { method = GET, path = "/fault-profiles" }]
    async fn list_fault_profiles(context: RequestContext<Self::Context>) -> Answer<Vec<ProfileSummary>>;

    // Answers that are chosen beforehand.
    /// The sequences of answers of a sandbox, with what is left of them
    #[endpoint { method = GET, path = "/sandboxes/{sandbox}/answers" }]
    async fn list_answers(context: RequestContext<Self::Context>, path: Path<SandboxPath>) -> Answer<Vec<SequenceState>>;

    /// Chooses the next answers of an operation in a sandbox, one after the other
    ///
    /// They take the place of those that were chosen for it before.
    #[endpoint { method = POST, path = "/sandboxes/{sandbox}/answers" }]
    async fn put_answers(
        context: RequestContext<Self::Context>,
        path: Path<SandboxPath>,
        body: TypedBody<SequenceBody>,
    ) -> Created<SequenceState>;

    /// Takes away answers of a sandbox that were chosen beforehand
    #[endpoint { method = DELETE, path = "/sandboxes/{sandbox}/answers" }]
    async fn clear_answers(context: RequestContext<Self::Context>, path: Path<SandboxPath>, query: Query<AnswersQuery>) -> Deleted;

    // The journal.
    /// What a sandbox was asked and what it answered, oldest first
    #[endpoint { method = GET, path = "/journal" }]
    async fn journal(context: RequestContext<Self::Context>, query: Query<JournalQuery>) -> Answer<JournalPage>;

    /// What a sandbox was asked and what it answered, oldest first
    #[endpoint { method = GET, path = "/sandboxes/{sandbox}/journal" }]
    async fn list_exchanges(
        context: RequestContext<Self::Context>,
        path: Path<SandboxPath>,
        query: Query<JournalFilter>,
    ) -> Answer<JournalPage>;

    /// Forgets what a sandbox was asked; numbers begin with 1 again
    #[endpoint { method = DELETE, path = "/sandboxes/{sandbox}/journal" }]
    async fn clear_journal(context: RequestContext<Self::Context>, path: Path<SandboxPath>) -> Deleted;

    /// One exchange, with the step that decided about it, and why
    #[endpoint { method = GET, path = "/sandboxes/{sandbox}/journal/{number}" }]
    async fn get_exchange(context: RequestContext<Self::Context>, path: Path<ExchangePath>) -> Answer<Entry>;

    /// Whether requests came as they are expected
    ///
    /// With `fail=true` it answers with 409 when they did not.
    #[endpoint { method = POST, path = "/sandboxes/{sandbox}/verify" }]
    async fn verify(
        context: RequestContext<Self::Context>,
        path: Path<SandboxPath>,
        query: Query<VerifyQuery>,
        body: TypedBody<VerifyRequest>,
    ) -> Answer<Verification>;

    /// The journal of a sandbox as a HAR file, which browsers, Postman and Insomnia open
    #[endpoint { method = GET, path = "/sandboxes/{sandbox}/har" }]
    async fn journal_har(
        context: RequestContext<Self::Context>,
        path: Path<SandboxPath>,
        query: Query<JournalFilter>,
    ) -> Result<Reply<Har>, HttpError>;

    /// New exchanges of a sandbox as server-sent events
    ///
    /// `exchange` has an entry as its data and its number as id; `gap` says how many came too fast; `cleared` is told too.
    #[endpoint { method = GET, path = "/sandboxes/{sandbox}/events" }]
    async fn journal_events(context: RequestContext<Self::Context>, path: Path<SandboxPath>, query: Query<EventsQuery>) -> Raw;

    /// What of the documents was covered since the mock started, over all sandboxes
    ///
    /// With `minimum` the status is 409 where that is not reached, and the body is the same.
    #[endpoint { method = GET, path = "/coverage" }]
    async fn coverage(context: RequestContext<Self::Context>, query: Query<CoverageQuery>) -> Result<Reply<CoverageReport>, HttpError>;

    /// Counts anew what is covered, in all sandboxes
    #[endpoint { method = DELETE, path = "/coverage" }]
    async fn reset_coverage(context: RequestContext<Self::Context>) -> Deleted;

    /// What of the documents was covered in a sandbox, since it was made
    #[endpoint { method = GET, path = "/sandboxes/{sandbox}/coverage" }]
    async fn sandbox_coverage(
        context: RequestContext<Self::Context>,
        path: Path<SandboxPath>,
        query: Query<CoverageQuery>,
    ) -> Result<Reply<CoverageReport>, HttpError>;

    /// Counts anew what is covered in a sandbox
    #[endpoint { method = DELETE, path = "/sandboxes/{sandbox}/coverage" }]
    async fn reset_sandbox_coverage(context: RequestContext<Self::Context>, path: Path<SandboxPath>) -> Deleted;

    // Webhooks.
    /// What vendors send of their own accord, after what, and with which payload
    #[endpoint { method = GET, path = "/sandboxes/{sandbox}/webhooks" }]
    async fn list_webhooks(context: RequestContext<Self::Context>, path: Path<SandboxPath>) -> Answer<Vec<WebhookSummary>>;

    /// Who wants to hear of webhooks
    #[endpoint { method = GET, path = "/sandboxes/{sandbox}/webhooks/subscriptions" }]
    async fn list_subscriptions(context: RequestContext<Self::Context>, path: Path<SandboxPath>) -> Answer<Vec<SubscriptionEntry>>;

    /// Subscribes an address to webhooks
    #[endpoint { method = POST, path = "/sandboxes/{sandbox}/webhooks/subscriptions" }]
    async fn create_subscription(
        context: RequestContext<Self::Context>,
        path: Path<SandboxPath>,
        body: TypedBody<NewSubscription>,
    ) -> Created<SubscriptionEntry>;

    /// Ends a subscription
    #[endpoint { method = DELETE, path = "/sandboxes/{sandbox}/webhooks/subscriptions/{id}" }]
    async fn delete_subscription(context: RequestContext<Self::Context>, path: Path<SubscriptionPath>) -> Deleted;

    /// Chooses what goes wrong on the way to a subscription
    ///
    /// What was held back by the faults before is sent.
    #[endpoint { method = PUT, path = "/sandboxes/{sandbox}/webhooks/subscriptions/{id}/faults" }]
    async fn set_subscription_faults(
        context: RequestContext<Self::Context>,
        path: Path<SubscriptionPath>,
        body: TypedBody<Faults>,
    ) -> Answer<SubscriptionEntry>;

    /// What was sent to whom, with every attempt, oldest first
    #[endpoint { method = GET, path = "/sandboxes/{sandbox}/webhooks/deliveries" }]
    async fn list_deliveries(
        context: RequestContext<Self::Context>,
        path: Path<SandboxPath>,
        query: Query<DeliveryQuery>,
    ) -> Answer<DeliveryPage>;

    /// One event on its way to one place
    #[endpoint { method = GET, path = "/sandboxes/{sandbox}/webhooks/deliveries/{number}" }]
    async fn get_delivery(context: RequestContext<Self::Context>, path: Path<DeliveryPath>) -> Answer<DeliveryEntry>;

    /// Sends an event to the same place once more
    #[endpoint { method = POST, path = "/sandboxes/{sandbox}/webhooks/deliveries/{number}/redeliver" }]
    async fn redeliver(context: RequestContext<Self::Context>, path: Path<DeliveryPath>) -> Accepted<DeliveryEntry>;

    /// Sends an event by hand, as if it had come about
    #[endpoint { method = POST, path = "/sandboxes/{sandbox}/webhooks/send" }]
    async fn send_webhook(
        context: RequestContext<Self::Context>,
        path: Path<SandboxPath>,
        body: TypedBody<SendRequest>,
    ) -> Accepted<SendResult>;
}
