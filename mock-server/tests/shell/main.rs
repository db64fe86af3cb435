//! The mock over real sockets: what the listeners, the sandboxes, the journal and the command line promise.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed, helpers included")]

mod answers;
mod barge;
mod client;
mod clock;
mod control;
mod control_token;
mod coverage;
mod credentials;
mod cross_origin;
mod documents;
mod events;
mod faults;
mod faults_of_state;
mod har;
mod http;
mod http2;
mod in_process;
mod inspect;
mod journal;
mod limits;
mod login;
mod oauth;
mod program;
mod receiver;
mod reference;
mod reload;
mod replay;
mod sandboxes;
mod state;
mod tls;
mod verify;
mod webhooks;
