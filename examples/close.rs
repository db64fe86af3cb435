//! `close`: a note on a lead is written, found on the pages of its list, changed and deleted.
//!
//! On a mock of its own; with `--live` on the vendor's server, with the API key in `CLOSE_API_KEY` and on the lead in
//! `CLOSE_LEAD_ID`.

mod live;

use std::error::Error;

use crm_notes::close::{
    Client, Credentials,
    types::{CreateNote, UpdateNote},
};
use mock_server::MockServer;

/// Notes of a page: few, so that a lead with a handful has several pages.
const PAGE: i64 = 2;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    if live::wanted() {
        let client = Client::new(Credentials::api_key(live::variable("CLOSE_API_KEY")?, ""));
        return tour(&client, &live::variable("CLOSE_LEAD_ID")?).await;
    }
    let mock = MockServer::builder().document("close").start().await?;
    let client = Client::new(Credentials::api_key("api_2Vb7mock", "")).with_base_url(&mock.base_url("close"));
    tour(&client, "lead_s6vHFTK1TSRoH6otXOexWDO9jM4xyb1kELHDoU7Fdsp").await
}

async fn tour(client: &Client, lead: &str) -> Result<(), Box<dyn Error>> {
    let created = client.create_note(&CreateNote::new(lead).title("Kick-off").note("Call on Monday")).await?;
    println!("created {}", created.id);

    let mut notes = Vec::new();
    for page in 0.. {
        let page = client.list_notes().lead_id([lead]).skip(page * PAGE).limit(PAGE).await?.into_inner();
        notes.extend(page.data);
        if !page.has_more {
            break;
        }
    }
    println!("listed  {} notes of the lead", notes.len());
    assert!(notes.iter().any(|note| note.id == created.id), "what was created is listed");

    let updated = client.update_note(&created.id, &UpdateNote::new().note("Call on Tuesday").pinned(true)).await?;
    println!("updated {:?}, at {:?}", updated.note, updated.date_updated);

    client.delete_note(&created.id).await?;
    match client.get_note(&created.id).await {
        Err(error) if error.is_not_found() => println!("deleted {}", created.id),
        answer => return Err(format!("the note is still there: {answer:?}").into()),
    }
    Ok(())
}
