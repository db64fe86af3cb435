//! A server that acts out any OpenAPI document.
