//! Operations that give out tokens: what they answer works from then on, and belongs to whoever logged in.
//!
//! Documents rarely say which operations these are (`x-mock.login`), so they are known by their shape: a password goes in
//! and a token comes out, or one token goes in to be renewed.

mod names;
mod shape;

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header::SET_COOKIE};
use serde_json::Value;
use specs::{
    api::{Direction, Location, SchemeKind, Status, User},
    wire,
};

use shape::Ends;
pub(super) use shape::Login;

use super::{
    Conditions, Rejection, Request, Step,
    compile::Engine,
    json as text,
    respond::Trace,
    token::{Made, Maker},
    validate::Validated,
};
use crate::state::{Grant, Key, Keyring, World};

/// Most rows among which whoever logs in is looked for.
const MOST_ROWS: usize = 10_000;

/// Whether somebody may log in, and as whom; `None` where nothing is given out.
pub(super) fn admit(
    engine: &Engine,
    world: &World,
    validated: &Validated<'_>,
    conditions: &Conditions,
) -> Result<Option<Key>, Box<Rejection>> {
    let Some(login) = validated.operation.login.as_ref().filter(|login| login.gives) else { return Ok(None) };
    let said = |place: &Option<String>| Some(validated.input.body.as_ref()?.pointer(place.as_deref()?)?.as_str()?.to_owned());
    if let Some(token) = said(&login.renews) {
        return renewed(engine, validated, conditions, &token).map(Some);
    }
    let (name, password) = (said(&login.name), said(&login.password));
    let users = &engine.api.mock.users;
    if users.is_empty() || !login.checks {
        let caller = name.and_then(|name| somebody(engine, world, &name));
        return Ok(Some(Key { caller, ..Key::default() }));
    }
    let is_it = |user: &&User| Some(&user.name) == name.as_ref() && Some(&user.password) == password.as_ref();
    match users.iter().find(is_it) {
        Some(user) => {
            Ok(Some(Key { caller: user.caller.clone(), scopes: user.scopes.clone(), tenant: user.tenant.clone(), ..Key::default() }))
        }
        None => Err(wrong_password(engine, validated, login)),
    }
}

fn wrong_password(engine: &Engine, validated: &Validated<'_>, login: &Login) -> Box<Rejection> {
    let wanted = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN, StatusCode::BAD_REQUEST, StatusCode::UNPROCESSABLE_ENTITY];
    let status = validated.operation.refusal_status(&engine.api, &wanted);
    let message = "name and password are nobody's";
    let help = "use a user of `x-mock.users`";
    Rejection::new(Step::Authenticate, status, "wrong-password", message, help).at(login.password.clone().unwrap_or_default())
}

/// The key of a token that is renewed. What renewed it is used up. One that the mock never gave out passes, as any
/// credential does, unless the document says that no others work than those it lists.
fn renewed(engine: &Engine, validated: &Validated<'_>, conditions: &Conditions, token: &str) -> Result<Key, Box<Rejection>> {
    let is_closed = engine.schemes.iter().any(|scheme| scheme.credentials.only);
    let check = |grant: Option<&Grant>| match grant {
        Some(grant) if grant.is_spent => Err("the token was used to renew another one before, and is good once"),
        Some(grant) if grant.redirect.is_some() => Err("a code renews nothing"),
        None if is_closed => Err("the token is none that was given out"),
        _ => Ok(()),
    };
    let spent = conditions.keyring.as_deref().map_or(Ok(None), |keyring| keyring.spend(token, check));
    spent.map(|grant| grant.map(|grant| grant.key).unwrap_or_default()).map_err(|message| {
        let wanted = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN, StatusCode::BAD_REQUEST];
        let status = validated.operation.refusal_status(&engine.api, &wanted);
        Rejection::new(Step::Authenticate, status, "invalid-refresh", message, "log in again")
    })
}

/// The row of whoever has this name or address.
fn somebody(engine: &Engine, world: &World, name: &str) -> Option<Value> {
    if name.is_empty() || world.rows() > MOST_ROWS {
        return None;
    }
    let is_it = |row: &Value| row.as_object().is_some_and(|row| row.iter().any(|(key, value)| names::tells_who(key) && value == name));
    engine.items(world).into_values().flatten().find(is_it)
}

/// Puts new tokens into the answer, or takes back those that the request came with.
pub(super) fn settle(
    engine: &Engine,
    validated: &Validated<'_>,
    key: Option<Key>,
    conditions: &Conditions,
    trace: &mut Trace,
    response: &mut Response<Bytes>,
) {
    let Some(login) = &validated.operation.login else { return };
    if !response.status().is_success() {
        return;
    }
    if let Some(keyring) = conditions.keyring.as_deref().filter(|_| login.ends != Ends::None) {
        end(engine, login, validated.request, validated.input.body.as_ref(), keyring);
        trace.notes.push("the credentials of the request were taken back".to_owned());
    }
    let Some(key) = key else { return };
    let mut body = serde_json::from_slice::<Value>(response.body()).unwrap_or(Value::Null);
    let shown = login.shown(&body);
    let cookies: Vec<&str> = cookies(engine).collect();
    if shown.tokens.is_empty() && cookies.is_empty() {
        return;
    }
    let maker = Maker::new(&engine.api, None, conditions);
    let made = maker.make(key.clone(), None, !shown.refreshes.is_empty());
    for name in cookies {
        let cookie = HeaderValue::try_from(format!("{name}={}; Path=/; HttpOnly", made.token));
        response.headers_mut().extend(cookie.map(|cookie| (SET_COOKIE, cookie)));
    }
    if !shown.tokens.is_empty() {
        let before = body.clone();
        shown.fill(&mut body, &made, &maker, conditions.now);
        if conforms(engine, validated, response.status(), &body) {
            *response.body_mut() = text::bytes(&body);
        } else {
            keep(&before, &shown, key, &maker, &made, conditions);
        }
    }
    trace.notes.push(format!("the answer gives out a token that works for {} seconds: {}", maker.life, login.why));
}

/// The tokens of the example become good, where the document allows no others.
fn keep(body: &Value, shown: &shape::Shown, key: Key, maker: &Maker<'_>, made: &Made, conditions: &Conditions) {
    let Some(keyring) = conditions.keyring.as_deref() else { return };
    keyring.revoke(&made.token, true);
    let key = Key { expires_at: maker.end(), is_issued: true, ..key };
    for token in shown.tokens.iter().filter_map(|place| body.pointer(place)?.as_str()) {
        keyring.add(token.to_owned(), key.clone());
    }
    for refresh in shown.refreshes.iter().filter_map(|place| body.pointer(place)?.as_str()) {
        keyring.grant(refresh.to_owned(), Grant { key: key.clone(), ..Grant::default() });
    }
}

fn conforms(engine: &Engine, validated: &Validated<'_>, status: StatusCode, body: &Value) -> bool {
    let operation = &engine.api.operations[validated.operation.index];
    let fits = |declared: Status| match declared {
        Status::Exactly(code) => code == status.as_u16(),
        Status::Range(hundreds) => u16::from(hundreds) == status.as_u16() / 100,
        Status::Default => true,
    };
    let media = operation.responses.iter().find(|response| fits(response.status)).and_then(|response| response.content.first());
    let schema = media.and_then(|media| media.schema.as_ref());
    schema.and_then(|schema| engine.validators.get(schema, Direction::Response).ok()).is_none_or(|validator| validator.is_valid(body))
}

/// The cookies that are credentials.
fn cookies(engine: &Engine) -> impl Iterator<Item = &str> {
    engine.schemes.iter().filter_map(|scheme| match &scheme.kind {
        SchemeKind::ApiKey { location: Location::Cookie, name } => Some(name.as_str()),
        _ => None,
    })
}

/// Takes back what a request came with. What the mock did not give out stays good, unless the document says that the
/// operation ends it: most tests have one credential for everything.
fn end(engine: &Engine, login: &Login, request: &Request, body: Option<&Value>, keyring: &Keyring) {
    for scheme in &engine.schemes {
        wire::credentials(&scheme.kind, &request.headers, request.target.query(), |shown| {
            if let wire::Shown::Given(credential) = shown {
                keyring.revoke(&credential, login.ends == Ends::All);
            }
        });
    }
    for token in body.into_iter().flat_map(|body| login.shown(body).all()).filter_map(|place| body?.pointer(&place)?.as_str()) {
        keyring.revoke(token, login.ends == Ends::All);
    }
}
