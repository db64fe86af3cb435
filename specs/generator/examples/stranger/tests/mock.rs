//! The client against the mock of the same document.

use std::{error::Error, path::Path};

use mock_server::MockServer;
use specs::Source;
use stranger::lighthouse::{
    AddLampError, Client, Credentials,
    types::{Colour, NewLamp},
};

#[tokio::test]
async fn a_lamp_is_added_found_and_removed() -> Result<(), Box<dyn Error>> {
    let mock = MockServer::builder().source(Source::read(Path::new("lighthouse.yaml"))?).start().await?;
    let client = Client::new(Credentials::key("k")).with_base_url(&mock.base_url("lighthouse"));

    let lamp = client.add_lamp(&NewLamp::new("red").seconds(2.5)).await?.into_inner();
    assert_eq!((&lamp.colour, lamp.seconds), (&Colour::Red, Some(2.5)));
    assert_eq!(client.get_lamp(&lamp.id).await?.into_inner(), lamp);
    let red = client.list_lamps().colour("red").await?.into_inner();
    assert!(red.lamps.contains(&lamp));

    client.remove_lamp(&lamp.id).await?;
    assert!(client.get_lamp(&lamp.id).await.is_err_and(|error| error.is_not_found()));
    let refused = client.add_lamp(&NewLamp::new("red").seconds(61.0)).await;
    assert!(refused.is_err_and(|error| matches!(error.answer(), Some(AddLampError::UnprocessableEntity(_)))));
    Ok(())
}
