//! `tether`: a note on a contact is written, found on the pages of its list, changed, and reacted to.
//!
//! On a mock of its own; with `--live` on the instance in `TETHER_INSTANCE` (its host), with the token in `TETHER_TOKEN`
//! and on the contact in `TETHER_CONTACT_ID`. The vendor documents no way to delete a note, so it stays.

mod live;

use std::error::Error;

use crm_notes::tether::{
    Client, Credentials,
    types::{CreateContactNote, ToggleReaction, UpdateContactNote},
};
use mock_server::MockServer;

/// Notes of a page: few, so that a contact with a handful has several pages.
const PAGE: usize = 2;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    if live::wanted() {
        let instance = format!("https://{}", live::variable("TETHER_INSTANCE")?);
        let client = Client::new(Credentials::bearer(live::variable("TETHER_TOKEN")?)).with_base_url(&instance);
        return tour(&client, &live::variable("TETHER_CONTACT_ID")?).await;
    }
    let mock = MockServer::builder().document("tether").start().await?;
    let client = Client::new(Credentials::bearer("jwt_5Rn8mock")).with_base_url(&mock.base_url("tether"));
    tour(&client, "65c2d0e0f0a0b0c0d0e0f0a0").await
}

async fn tour(client: &Client, contact: &str) -> Result<(), Box<dyn Error>> {
    let created = client.create_contact_note(&CreateContactNote::new(contact).note("Call on **Monday**")).await?.into_inner().data;
    println!("created {}", created.id);

    let mut notes = Vec::new();
    loop {
        // The vendor takes both numbers as text.
        let page = client.list_contact_notes(contact).limit(PAGE.to_string()).offset(notes.len().to_string()).await?.into_inner();
        notes.extend(page.data);
        if page.pagination.has_more != Some(true) {
            break;
        }
    }
    println!("listed  {} notes of the contact", notes.len());
    assert!(notes.iter().any(|note| note.id == created.id), "what was created is listed");

    let updated = client.update_contact_note(&created.id, &UpdateContactNote::new().note("Call on **Tuesday**")).await?;
    println!("updated {:?}, edited: {:?}", updated.data.note, updated.data.is_edited);

    let reacted = client.toggle_contact_note_reaction(&created.id, &ToggleReaction::new("👍")).await?;
    println!("reacted {:?}", reacted.data.reactions.iter().flatten().map(|reaction| &reaction.emoji).collect::<Vec<_>>());
    Ok(())
}
