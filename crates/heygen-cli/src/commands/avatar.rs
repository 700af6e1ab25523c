//! `heygen avatar`: what there is to know about an avatar.

use crate::cli::{AvatarCommand, Options};
use crate::failure::Failure;
use crate::output;

use super::caller::Caller;

pub(crate) async fn run(command: AvatarCommand, options: &Options) -> Result<(), Failure> {
    let AvatarCommand::Details { id } = command;
    details(&id, options).await
}

async fn details(id: &str, options: &Options) -> Result<(), Failure> {
    let caller = Caller::open(options).await?;
    let avatars = caller.client().v2().avatars();
    let result = avatars.details(id).with_response().await;
    let response = caller.close(result).await?;
    output::data(&*response, options.human)?;
    if let Some(notice) = response.notice() {
        output::notice(&notice.to_string());
    }
    Ok(())
}
