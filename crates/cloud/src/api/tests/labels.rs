use http::StatusCode;
use serde_json::json;

use super::{ARTIST, Cloud, FOREIGN_MANAGER, MANAGER, STAFF};

#[tokio::test]
async fn a_manager_says_how_the_label_works() {
    let cloud = Cloud::new().await;
    let settings = json!({ "label_name": " Night Office ", "review": false, "artists_mail": true });
    let kept = json!({ "label_name": "Night Office", "review": false, "artists_mail": true });
    assert_eq!(cloud.put(MANAGER, "/v1/label", &settings).await.body, kept);
    assert_eq!(cloud.get(STAFF, "/v1/me").await.body["settings"], kept);
    assert_eq!(cloud.get(FOREIGN_MANAGER, "/v1/me").await.body["settings"]["label_name"], "day-shift");
    for wrong in [json!({}), json!({ "label_name": "", "review": true, "artists_mail": true })] {
        assert_eq!(cloud.put(MANAGER, "/v1/label", &wrong).await.code(), "fields");
    }
}

#[tokio::test]
async fn staff_map_artists_to_accounts() {
    let cloud = Cloud::new().await;
    let mapping = |artists: &[&str]| json!({ "email": "New+One@example.org", "artists": artists });
    let path = "/v1/artist-accounts/new%2Bone%40example.org";
    let mapped = cloud.put(STAFF, path, mapping(&[" Ada ", "ADA", "Vesper Bloom"])).await;
    assert_eq!(mapped.body, mapping(&["Ada", "Vesper Bloom"]), "each name once");
    let accounts = async |who| {
        let list = cloud.get(who, "/v1/artist-accounts").await;
        list.body["accounts"].as_array().unwrap().len()
    };
    assert_eq!((accounts(STAFF).await, accounts(FOREIGN_MANAGER).await), (3, 0));
    let new = super::Who("night-office", &["artist"], "new+one@example.org");
    assert_eq!(cloud.get(new, "/v1/me").await.body["artists"], json!(["Ada", "Vesper Bloom"]));
    assert_eq!(cloud.put(STAFF, path, mapping(&[])).await.status, StatusCode::OK);
    assert_eq!(accounts(STAFF).await, 2);

    let many: Vec<String> = (0..101).map(|number| format!("Artist {number}")).collect();
    let table = [
        ("/v1/artist-accounts/nobody", mapping(&["Ada"]), "email"),
        ("/v1/artist-accounts/other@example.org", mapping(&["Ada"]), "email"),
        (path, mapping(&["Ada", " "]), "artists[1]"),
        (path, json!({ "email": "new+one@example.org", "artists": many }), "artists"),
        (path, json!({ "email": "new+one@example.org", "artists": ["Ada", 1] }), "artists[1]"),
    ];
    for (path, body, field) in table {
        let answered = cloud.put(STAFF, path, &body).await;
        assert_eq!((answered.code(), &answered.body["errors"][0]["field"]), ("fields", &json!(field)), "{path}");
    }
}

#[tokio::test]
async fn an_operator_maps_artists_to_an_account_of_the_label_that_is_named() {
    let cloud = Cloud::new().await;
    let order = |artists: &[&str]| {
        let account = json!({ "email": "New@example.org", "artists": artists });
        serde_json::from_value(json!({ "operator": "map-artists", "label": "day-shift", "account": account })).unwrap()
    };
    let mapped = cloud.api.obey(order(&[" Ada ", "ADA"])).await.unwrap();
    assert_eq!(mapped, json!({ "email": "New@example.org", "artists": ["Ada"] }));
    let artists = async |label| cloud.get(super::Who(label, &["artist"], "new@example.org"), "/v1/me").await.body;
    assert_eq!(artists("day-shift").await["artists"], json!(["Ada"]));
    assert_eq!(artists("night-office").await["artists"], json!([]), "another label's account of the same address");
    let refused = cloud.api.obey(order(&["Ada", ""])).await.unwrap_err().to_string();
    assert!(refused.contains("artists[1]"), "{refused}");
}

#[tokio::test]
async fn an_artist_s_account_is_told_whose_it_is() {
    let cloud = Cloud::new().await;
    let me = cloud.get(ARTIST, "/v1/me").await.body;
    assert_eq!((&me["artists"], &me["roles"]), (&json!(["vesper  BLOOM"]), &json!(["artist"])));
    assert_eq!(cloud.get(super::Who("day-shift", &["artist"], ARTIST.2), "/v1/me").await.body["artists"], json!([]));
}
