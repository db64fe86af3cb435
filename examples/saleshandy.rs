//! `saleshandy`: one call writes a note for several prospects; it is found on the pages of one of them, and changed.
//!
//! On a mock of its own; with `--live` on the vendor's server, with the API key in `SALESHANDY_API_KEY` and for the
//! prospect in `SALESHANDY_PROSPECT_ID`. The vendor documents no way to delete a note, so it stays.

mod live;

use std::error::Error;

use crm_notes::saleshandy::{
    Client, Credentials,
    types::{CreateNote, UpdateNote, Visibility},
};
use mock_server::MockServer;

/// Notes of a page: few, so that a prospect with a handful has several pages.
const PAGE: i64 = 2;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    if live::wanted() {
        let client = Client::new(Credentials::api_key(live::variable("SALESHANDY_API_KEY")?));
        return tour(&client, &[&live::variable("SALESHANDY_PROSPECT_ID")?]).await;
    }
    let mock = MockServer::builder().document("saleshandy").start().await?;
    let client = Client::new(Credentials::api_key("sh_7Yp4mock")).with_base_url(&mock.base_url("saleshandy"));
    tour(&client, &["8PvBmrB7P7", "Pr9xQ2Lm"]).await
}

async fn tour(client: &Client, prospects: &[&str]) -> Result<(), Box<dyn Error>> {
    let note = CreateNote::new("Asked for a demo.", Visibility::Public, prospects.iter().copied());
    let created = client.create_note(&note).await?;
    // A prospect for which it failed has a result without a note.
    let results = &created.payload.results;
    let ids: Vec<_> = results.iter().filter(|result| result.success).filter_map(|result| result.note_id.as_deref()).collect();
    println!("created {} for {} prospects", ids.join(" and "), prospects.len());

    let mut notes = Vec::new();
    for page in 0.. {
        let page = client.list_prospect_notes(prospects[0]).skip(page * PAGE).take(PAGE).await?.into_inner().payload;
        notes.extend(page.notes);
        if !page.pagination.has_more {
            break;
        }
    }
    println!("listed  {} notes of the first prospect", notes.len());
    assert!(notes.iter().any(|note| ids.contains(&note.id.as_str())), "what was created is listed");

    for id in ids {
        let updated = client.update_note(id, &UpdateNote::new().visibility(Visibility::Private)).await?;
        println!("updated {id}, which is {:?} now", updated.payload.visibility);
    }
    Ok(())
}
