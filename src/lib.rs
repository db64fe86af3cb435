//! Typed clients of CRM notes APIs.
