//! Another computer of the label mends what was delivered from the first.

use desktop::{PictureSource, State};
use fake_s3::Operation;
use release::{Field, FieldName};

use crate::stage::{MIRA, Stage, deliver, stands};

#[tokio::test(flavor = "multi_thread")]
async fn a_release_is_mended_without_its_files() {
    let stage = Stage::new().await;
    let first = stage.joined(MIRA).await;
    let session = first.open().await;
    let draft = first.draft(&session, &["Harbour", "Low Light"]).await;
    let delivery = deliver(&session, draft).await;
    stage.hear_of(draft, delivery, false).await;
    session.close().await;
    // Forgotten: what follows is counted anew.
    drop(stage.s3.calls());

    let other = stage.joined(MIRA).await;
    let session = other.open().await;
    stands(&session, draft, State::Live).await;
    assert_eq!(session.mend(draft).await.unwrap(), draft);
    let made = session.view().draft(draft).unwrap().clone();
    assert_eq!((made.draft.release.title.as_str(), made.draft.files.len()), ("Slack Water", 0));
    assert_eq!(made.errors().count(), 0, "{:?}", made.problems);
    // Its picture is seen, and asking again changes nothing.
    let picture = session.picture(PictureSource::Draft(draft), 96).await.unwrap();
    assert_eq!(image::load_from_memory(&picture).unwrap().width(), 96);
    session.edit(draft, Field::of_release(FieldName::Title), "Slack Water Again").await.unwrap();
    session.mend(draft).await.unwrap();
    let second = deliver(&session, draft).await;
    let puts: Vec<String> = stage
        .s3
        .calls()
        .into_iter()
        .filter(|call| matches!(call.operation, Operation::PutObject | Operation::UploadPart))
        .map(|call| call.key)
        .collect();
    assert_eq!(puts.len(), 1, "the manifest and nothing else: {puts:?}");
    stage.hear_of(draft, second, false).await;
    session.look_for_news().await.unwrap();
    let again = |view: &desktop::View| (view.release(draft)?.title == "Slack Water Again").then_some(());
    session.wait_for(again).await.unwrap();
    session.close().await;
}
