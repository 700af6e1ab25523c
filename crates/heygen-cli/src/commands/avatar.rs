//! `heygen avatar`: avatars of an account.

use crate::args::{AvatarCommand, Options};
use crate::error::CliError;
use crate::output;
use crate::session::Session;
use crate::target::Target;

pub(crate) async fn run(command: AvatarCommand, options: &Options) -> Result<(), CliError> {
    let AvatarCommand::Details { id } = command;
    details(&id, options).await
}

async fn details(id: &str, options: &Options) -> Result<(), CliError> {
    let session = Session::open(options).await?;
    let request = session.client().v2().avatars().details(id);
    let target = Target {
        resource: "avatar",
        ids: &[("avatar_id", id)],
    };
    let response = session.send(request, &target).await?;
    output::response(&response, options.human)
}
