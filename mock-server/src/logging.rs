//! dropshot logs with slog, everything else with `tracing`: a bridge that costs nothing while nobody listens.
//!
//! The crate `tracing-slog` does this too, but loses the key-value pairs, and with them method, URI and latency.

use std::fmt::{self, Write};

use slog::{Drain, KV, Key, Level, Logger, Never, OwnedKVList, Record, Serializer, o};

/// A slog logger whose records become `tracing` events with the target `dropshot`.
pub(crate) fn to_tracing() -> Logger {
    Logger::root(ToTracing, o!())
}

struct ToTracing;

impl Drain for ToTracing {
    type Ok = ();
    type Err = Never;

    fn log(&self, record: &Record<'_>, values: &OwnedKVList) -> Result<(), Never> {
        match record.level() {
            Level::Critical | Level::Error => tracing::error!(target: "dropshot", "{}", Line(record, values)),
            // A connection that is cut on purpose unwinds its task; a panic has been told of by its hook.
            Level::Warning if std::thread::panicking() => tracing::debug!(target: "dropshot", "{}", Line(record, values)),
            Level::Warning => tracing::warn!(target: "dropshot", "{}", Line(record, values)),
            Level::Info => tracing::info!(target: "dropshot", "{}", Line(record, values)),
            Level::Debug => tracing::debug!(target: "dropshot", "{}", Line(record, values)),
            Level::Trace => tracing::trace!(target: "dropshot", "{}", Line(record, values)),
        }
        Ok(())
    }
}

/// Message and pairs, written only when an event is wanted.
struct Line<'r>(&'r Record<'r>, &'r OwnedKVList);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.msg())?;
        let mut pairs = Pairs(f);
        let record = self.0;
        let written = record.kv().serialize(record, &mut pairs).and_then(|()| self.1.serialize(record, &mut pairs));
        written.map_err(|_| fmt::Error)
    }
}

struct Pairs<'f, 'b>(&'f mut fmt::Formatter<'b>);

impl Serializer for Pairs<'_, '_> {
    fn emit_arguments(&mut self, key: Key, value: &fmt::Arguments<'_>) -> slog::Result {
        self.0.write_char(' ')?;
        write!(self.0, "{key}={value}")?;
        Ok(())
    }
}
