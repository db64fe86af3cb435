//! Every response that a document declares, asked for by `Prefer: code=…`: what a mock can be made to answer.

use specs::api::{Operation, Status};

use crate::{
    Suite, Target,
    case::{Aspect, Wanted},
    check,
    exchange::{Response, Visibility},
    world::{Step, Stop, World},
};

impl Suite {
    /// Asks for every declared response of every operation, and says which ones are not had as they are declared.
    ///
    /// A response of a range is asked for by a status of the range that is not declared by itself; `default` by one
    /// that no other response is for.
    pub async fn every_declared_response(&self, target: &Target) -> Vec<String> {
        let mut wrong = Vec::new();
        for operation in &self.api.operations {
            for response in &operation.responses {
                let Some(status) = status(operation, response.status) else { continue };
                let world = World::new(self, target);
                let found = match ask(&world, operation, status).await {
                    Ok(answer) => judge(self, operation, status, &answer),
                    Err(Stop::Failed(failure) | Stop::New(failure)) => vec![failure.what],
                    Err(Stop::Blocked(why) | Stop::Skipped(why)) => vec![why],
                    Err(Stop::Unreachable(error)) => vec![crate::run::chain(&error)],
                };
                let exchange = || world.exchanges().pop().map(|exchange| format!("\n{exchange}")).unwrap_or_default();
                if !found.is_empty() {
                    wrong.push(format!("`{}` {status}: {}{}", operation.id, found.join("; "), exchange()));
                }
            }
        }
        wrong
    }
}

/// A final status that this response is for.
fn status(operation: &Operation, declared: Status) -> Option<u16> {
    let is_free = |status: &u16| !operation.responses.iter().any(|other| other.status == Status::Exactly(*status));
    let is_of_no_range = |status: &u16| !operation.responses.iter().any(|other| other.status == Status::Range(hundred(*status)));
    match declared {
        // An interim response ends nothing.
        Status::Exactly(code) => Some(code).filter(|code| *code >= 200),
        Status::Range(hundreds) => (u16::from(hundreds) * 100..u16::from(hundreds) * 100 + 100).find(is_free).filter(|code| *code >= 200),
        Status::Default => [500, 400, 200, 300].into_iter().find(|status| is_free(status) && is_of_no_range(status)),
    }
}

fn hundred(status: u16) -> u8 {
    u8::try_from(status / 100).unwrap_or_default()
}

async fn ask(world: &World<'_>, operation: &Operation, status: u16) -> Step<Response> {
    let mut draft = world.draft(operation, &Wanted::default()).await?;
    draft.request.headers.retain(|field| !field.name.eq_ignore_ascii_case("accept"));
    draft.request.set_header("Prefer", format!("code={status}"), Visibility::Shown);
    world.send(operation, draft.request).await
}

fn judge(suite: &Suite, operation: &Operation, status: u16, answer: &Response) -> Vec<String> {
    if answer.status != status {
        return vec![format!("answered {}", answer.status)];
    }
    let aspects = [Aspect::Status, Aspect::MediaType, Aspect::Headers, Aspect::Schema, Aspect::Format, Aspect::Documented];
    aspects.into_iter().filter_map(|aspect| check::answer(suite, operation, answer, aspect)).map(|failure| failure.what).collect()
}
