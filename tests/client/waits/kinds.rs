//! Kinds of jobs: those that need the user, that are followed by others, that are
//! ready by their fields, and whose state is in a list of states only.

use heygen::ErrorKind;
use heygen_tests::scripted::Reply;

use super::*;

type AgentOutcome = Outcome<Video, Session>;

fn session(state: &str, video: Option<&str>) -> Reply {
    data(&json!({"session_id": "ses_1", "status": state, "video_id": video}))
}

#[tokio::test]
async fn session_ends_with_its_video() {
    let replies = [
        session("thinking", None),
        session("generating", None),
        session("generating", Some("vid_1")),
        // The video may not be visible at once.
        not_found(),
        state("processing"),
        completed(),
    ];
    let (server, client) = server(replies).await;
    let outcome = wait::<AgentOutcome>(&client, &SESSION, "ses_1")
        .await
        .unwrap();
    assert_eq!(outcome.finished(), Some(video()));
    let lines = lines(&server);
    assert_eq!(lines[..3], ["GET /v3/agents/ses_1"; 3]);
    // The session is not read again: old ones are not found.
    assert_eq!(lines[3..], ["GET /v3/videos/vid_1"; 3]);
}

#[tokio::test]
async fn created_session_is_waited_for_up_to_its_video() {
    let created = session("generating", None);
    let replies = [
        created,
        not_found(),
        session("completed", Some("vid_1")),
        completed(),
    ];
    let (_server, client) = server(replies).await;
    let wait = create::<SessionCreated>(&client)
        .and_wait()
        .schedule(quick());
    assert_eq!(wait.await.unwrap().finished(), Some(video()));
}

#[tokio::test]
async fn session_that_waits_for_input_is_an_outcome() {
    let replies = [
        session("thinking", None),
        session("waiting_for_input", None),
    ];
    let (server, client) = server(replies).await;
    let outcome = wait::<AgentOutcome>(&client, &SESSION, "ses_1")
        .await
        .unwrap();
    let session = Session {
        session_id: "ses_1".to_owned(),
        status: "waiting_for_input".to_owned(),
    };
    assert_eq!(outcome, Outcome::ActionRequired(session));
    assert_eq!(server.requests().len(), 2);
    // Where there is no such outcome, it is an error.
    let (_server, client) = super::server([super::kinds::session("waiting_for_input", None)]).await;
    let error = wait::<Video>(&client, &SESSION, "ses_1").await.unwrap_err();
    assert!(error.is_job_failed(), "{error}");
    assert_eq!(error.job_state(), Some("waiting_for_input"));
    assert!(
        error.to_string().contains("an action of its user"),
        "{error}"
    );
}

#[tokio::test]
async fn failed_session_names_itself_and_its_video() {
    let (_server, client) = server([session("failed", None)]).await;
    let error = wait::<AgentOutcome>(&client, &SESSION, "ses_1")
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("agent session ses_1 failed: no reason given"),
        "{error}"
    );
    let (_server, client) = super::server([session("failed", Some("vid_1"))]).await;
    let error = wait::<AgentOutcome>(&client, &SESSION, "ses_1")
        .await
        .unwrap_err();
    let text = "agent session ses_1 (video vid_1) failed: no reason given";
    assert!(error.to_string().starts_with(text), "{error}");
    assert_eq!(error.job_id(), Some("ses_1"));
    // The video of a session fails.
    let failed = json!({"status": "failed", "failure_code": "c", "failure": {"message": "m"}});
    let replies = [session("generating", Some("vid_1")), data(&failed)];
    let (_server, client) = super::server(replies).await;
    let error = wait::<AgentOutcome>(&client, &SESSION, "ses_1")
        .await
        .unwrap_err();
    assert!(error.is_job_failed());
    assert_eq!((error.job_id(), error.code()), (Some("ses_1"), Some("c")));
    let text = "agent session ses_1 (video vid_1) failed: m (code c";
    assert!(error.to_string().starts_with(text), "{error}");
}

#[tokio::test]
async fn session_and_video_share_a_deadline() {
    let replies = [session("completed", Some("vid_1")), state("processing")];
    let (_server, client) = server(replies).await;
    let wait = wait::<AgentOutcome>(&client, &SESSION, "ses_1");
    let error = wait
        .deadline(std::time::Duration::from_millis(200))
        .await
        .unwrap_err();
    let text = "agent session ses_1 (video vid_1): not finished within 0.2 s (state processing)";
    assert!(error.to_string().starts_with(text), "{error}");
    assert!(error.is_timeout() && error.job_id() == Some("ses_1"));
}

fn look(status: &Value, image: Option<&str>, width: u32) -> Reply {
    data(&json!({
        "id": "look_1", "status": status, "preview_image_url": image,
        "image_width": width, "image_height": 720,
    }))
}

#[tokio::test]
async fn look_is_ready_by_its_fields() {
    let image = Some("https://files.example/look");
    for status in [Value::Null, json!("completed")] {
        let replies = [
            look(&json!("processing"), None, 0),
            look(&json!("processing"), image, 1280),
            look(&status, None, 1280),
            look(&status, Some(""), 1280),
            look(&status, image, 0),
            look(&status, image, 1280),
        ];
        let (server, client) = server(replies).await;
        let ready = wait::<Value>(&client, &LOOK, "look_1").await.unwrap();
        assert_eq!(ready["image_width"], 1280);
        assert_eq!(server.requests().len(), 6, "{status}");
    }
    let failed = look(&json!("failed"), image, 1280);
    let (_server, client) = server([failed]).await;
    let error = wait::<Value>(&client, &LOOK, "look_1").await.unwrap_err();
    assert!(error.is_job_failed(), "{error}");
}

fn entry(state: &str) -> Reply {
    data(&json!([
        {"video_id": "ast_0", "status": "completed"},
        {"video_id": "ast_1", "status": state, "error": {"code": "c", "message": "not a video"}},
    ]))
}

#[tokio::test]
async fn state_that_is_in_a_list_of_states_only() {
    let replies = [
        entry("pending_upload"),
        entry("completed"),
        data(&json!({"id": "ast_1"})),
    ];
    let (server, client) = server(replies).await;
    let asset = wait::<Value>(&client, &ASSET, "ast_1").await.unwrap();
    assert_eq!(asset, json!({"id": "ast_1"}));
    let states = "GET /v3/assets/statuses?asset_ids=ast_1";
    assert_eq!(lines(&server), [states, states, "GET /v3/assets/ast_1"]);
}

#[tokio::test]
async fn failure_in_a_list_of_states_has_its_reason() {
    let (_server, client) = server([entry("failed")]).await;
    let error = wait::<Value>(&client, &ASSET, "ast_1").await.unwrap_err();
    let text = "asset ast_1 failed: not a video (code c, state failed";
    assert!(error.to_string().starts_with(text), "{error}");
    assert!(!error.body().is_empty());
}

#[tokio::test]
async fn id_that_a_list_of_states_does_not_know_is_read_itself() {
    let empty = data(&json!([]));
    for unknown in [entry("not_found"), empty] {
        let (_server, client) = server([unknown.clone(), not_found()]).await;
        let error = wait::<Value>(&client, &ASSET, "ast_1").await.unwrap_err();
        assert!(
            error.is_not_found() && error.job_id() == Some("ast_1"),
            "{error}"
        );
        // It is there, and not yet in the list.
        let object = data(&json!({"id": "ast_1"}));
        let replies = [unknown, object.clone(), entry("completed"), object];
        let (server, client) = server(replies).await;
        wait::<Value>(&client, &ASSET, "ast_1").await.unwrap();
        assert_eq!(server.requests().len(), 4);
    }
    let (_server, client) = server([data(&json!({}))]).await;
    let error = wait::<Value>(&client, &ASSET, "ast_1").await.unwrap_err();
    assert_eq!(
        (error.kind(), error.job_id()),
        (ErrorKind::Decode, Some("ast_1"))
    );
}
