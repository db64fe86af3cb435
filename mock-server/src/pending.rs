//! Stands in for the engine until it is there.
#![allow(dead_code, missing_docs, unreachable_pub, reason = "gone when the engine is there")]

use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde_json::Value;
use specs::{Api, Problem};

#[derive(Clone, Debug)]
pub struct EngineOptions {
    pub prefix: String,
    pub also: Vec<String>,
    pub max_rows: usize,
    pub max_body: usize,
    pub seed: u64,
}

pub struct Engine {
    api: Api,
}

impl Engine {
    pub fn new(api: Api, _options: &EngineOptions) -> (Self, Vec<Problem>) {
        (Self { api }, Vec::new())
    }

    pub fn api(&self) -> &Api {
        &self.api
    }

    pub fn world(&self) -> World {
        World {}
    }

    pub fn exchange(&self, _world: &World, request: Request, _now: DateTime<Utc>) -> Exchange {
        let text = format!("{{\"path\":{:?},\"size\":{},\"oversized\":{}}}", request.target.path(), request.body.len(), request.oversized);
        let mut response = http::Response::new(Bytes::from(text));
        if request.oversized {
            *response.status_mut() = http::StatusCode::PAYLOAD_TOO_LARGE;
        }
        response.headers_mut().insert("content-type", http::HeaderValue::from_static("application/json"));
        Exchange { request, response, operation: Some(0), decided_by: Step::Respond, problem: None, defects: Vec::new() }
    }
}

pub struct Request {
    pub method: http::Method,
    pub target: http::Uri,
    pub headers: http::HeaderMap,
    pub body: Bytes,
    pub oversized: bool,
}

pub struct Exchange {
    pub request: Request,
    pub response: http::Response<Bytes>,
    pub operation: Option<usize>,
    pub decided_by: Step,
    pub problem: Option<Explanation>,
    pub defects: Vec<String>,
}

#[derive(Clone, Copy, Debug)]
pub enum Step {
    Respond,
}

impl Step {
    pub fn as_str(self) -> &'static str {
        "respond"
    }
}

#[derive(Clone, Debug)]
pub struct Explanation {
    pub rule: &'static str,
    pub pointer: String,
    pub message: String,
    pub fix: String,
}

#[derive(Debug)]
pub struct World {}

impl World {
    pub fn fresh(&self) -> Self {
        Self {}
    }
    pub fn reset(&self) {}
    pub fn export(&self) -> indexmap::IndexMap<String, Vec<Value>> {
        Default::default()
    }
}
