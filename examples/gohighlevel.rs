//! `gohighlevel`: a note on a contact is written, listed, changed and deleted.
//!
//! On a mock of its own; with `--live` on the vendor's server, with the private integration's token in
//! `GOHIGHLEVEL_TOKEN` and on the contact in `GOHIGHLEVEL_CONTACT_ID`.

mod live;

use std::error::Error;

use crm_notes::gohighlevel::{
    Client, Credentials,
    types::{CreateNote, UpdateNote},
};
use mock_server::MockServer;

/// The version of the API, which every call names.
const VERSION: &str = "2021-07-28";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    if live::wanted() {
        let client = Client::new(Credentials::private_integration(live::variable("GOHIGHLEVEL_TOKEN")?));
        return tour(&client, &live::variable("GOHIGHLEVEL_CONTACT_ID")?).await;
    }
    let mock = MockServer::builder().document("gohighlevel").start().await?;
    let client = Client::new(Credentials::private_integration("pit-2Vb7mock")).with_base_url(&mock.base_url("gohighlevel"));
    tour(&client, "contact-xyz789").await
}

async fn tour(client: &Client, contact: &str) -> Result<(), Box<dyn Error>> {
    let created = client.create_note(contact, VERSION, &CreateNote::new("Call on Monday")).await?.into_inner().note;
    println!("created {}", created.id);

    // The list comes whole: the vendor has no pages here.
    let notes = client.list_notes(contact, VERSION).await?.into_inner().notes;
    println!("listed  {} notes of the contact", notes.len());
    assert!(notes.iter().any(|note| note.id == created.id), "what was created is listed");

    let updated = client.update_note(contact, &created.id, VERSION, &UpdateNote::new().body("Call on Tuesday").pinned(true)).await?;
    println!("updated {:?}, pinned: {:?}", updated.note.body, updated.note.pinned);

    client.delete_note(contact, &created.id, VERSION).await?;
    match client.get_note(contact, &created.id, VERSION).await {
        Err(error) if error.is_not_found() => println!("deleted {}", created.id),
        answer => return Err(format!("the note is still there: {answer:?}").into()),
    }
    Ok(())
}
