//! `leadlex`: a note is written on a contact, found on the pages of the workspace's notes, and changed.
//!
//! On a mock of its own; with `--live` on the vendor's server, with the workspace's key in `LEADLEX_API_KEY` and on the
//! contact in `LEADLEX_CONTACT_ID`. The vendor documents no way to delete a note, so it stays.

mod live;

use std::error::Error;

use crm_notes::leadlex::{
    Client, Credentials,
    types::{CreateNote, NoteType, UpdateNote},
};
use mock_server::MockServer;

/// Notes of a page: few, so that a workspace with a handful has several pages.
const PAGE: i64 = 2;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    if live::wanted() {
        let client = Client::new(Credentials::workspace_key(live::variable("LEADLEX_API_KEY")?));
        return tour(&client, &live::variable("LEADLEX_CONTACT_ID")?).await;
    }
    let mock = MockServer::builder().document("leadlex").start().await?;
    let client = Client::new(Credentials::workspace_key("wbk_2Vb7mock")).with_base_url(&mock.base_url("leadlex"));
    tour(&client, "123e4567-e89b-12d3-a456-426614174000").await
}

async fn tour(client: &Client, contact: &str) -> Result<(), Box<dyn Error>> {
    let note = CreateNote::new("Call on Monday").content("About the pilot.").note_type(NoteType::Call).contact_id(contact);
    let created = client.create_note(&note).await?.into_inner().data;
    println!("created {}", created.id);

    let mut notes = Vec::new();
    for page in 1.. {
        let answer = client.list_notes().note_type(NoteType::Call).page(page).per_page(PAGE).await?.into_inner();
        notes.extend(answer.data.notes);
        if page * PAGE >= answer.meta.total {
            break;
        }
    }
    println!("listed  {} calls of the workspace", notes.len());
    assert!(notes.iter().any(|note| note.id == created.id), "what was created is listed");

    let updated = client.update_note(&created.id, &UpdateNote::new().title("Call on Tuesday").tags(["pilot"])).await?;
    println!("updated {:?}, at {:?}", updated.data.title, updated.data.updated_date);
    Ok(())
}
