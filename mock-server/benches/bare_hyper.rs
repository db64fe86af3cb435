//! hyper and nothing else: what `cargo xtask bench` measures dropshot and the mock against.

mod bare;

use std::{convert::Infallible, sync::Arc};

use bare::Bare;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::{Method, Request, Response, StatusCode, body::Incoming, header::CONTENT_TYPE, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let Some(bare) = Bare::from_arguments() else { return Ok(()) };
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    bare.ready(listener.local_addr()?)?;
    let bare = Arc::new(bare);
    loop {
        let (stream, _) = listener.accept().await?;
        let bare = Arc::clone(&bare);
        let service = service_fn(move |request| answer(Arc::clone(&bare), request));
        // A client that went away is no failure of the server.
        tokio::spawn(async move { http1::Builder::new().serve_connection(TokioIo::new(stream), service).await.ok() });
    }
}

async fn answer(bare: Arc<Bare>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let (status, body) = if request.method() == Method::POST {
        match request.into_body().collect().await.map(|body| serde_json::from_slice::<serde_json::Value>(&body.to_bytes())) {
            Ok(Ok(_)) => (StatusCode::OK, bare.post.clone()),
            _ => (StatusCode::BAD_REQUEST, Bytes::new()),
        }
    } else {
        (StatusCode::OK, bare.get.clone())
    };
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
    Ok(response)
}
