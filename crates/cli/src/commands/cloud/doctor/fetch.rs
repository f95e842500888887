use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_s3::types::BucketVersioningStatus;
use aws_sdk_sqs::types::QueueAttributeName;
use serde_json::Value;

use super::super::deployment::Deployment;
use super::super::refusal::said;
use super::facts::{Alarm, Bucket, Facts, Function, IdentityPool, Known, Pool, Queue, Source, Table};
use super::judge::FUNCTIONS;
use super::policy;
use super::watch::Watch;
use crate::failure::Failure;

/// Looks at every part of a deployment. What cannot be seen is noted with its reason, so that the rest is judged.
pub(super) async fn facts(deployment: &Deployment) -> Result<Facts, Failure> {
    let mut functions = BTreeMap::new();
    for resource in FUNCTIONS {
        functions.insert(resource.to_owned(), function(deployment, resource).await);
    }
    let mut queues = BTreeMap::new();
    for name in [
        "IntakeQueue",
        "IntakeDeadLetters",
        "TranscodeQueue",
        "TranscodeDeadLetters",
        "CatalogueQueue",
        "CatalogueDeadLetters",
        "NotifyDeadLetters",
    ] {
        queues.insert(name.to_owned(), queue(deployment, name, deployment.output(name)?).await);
    }
    let mut buckets = BTreeMap::new();
    for name in ["Masters", "Renditions"] {
        let bucket = bucket(deployment, deployment.output(name)?, name == "Masters").await;
        buckets.insert(name.to_owned(), Ok(bucket));
    }
    Ok(Facts {
        status: deployment.status.clone(),
        functions,
        queues,
        buckets,
        table: table(deployment, deployment.output("Table")?).await,
        api: api(deployment).await,
        pool: pool(deployment, deployment.output("UserPool")?, deployment.output("Client")?).await,
        identity_pool: identity_pool(deployment, deployment.output("IdentityPool")?).await,
        topics: topics(deployment).await,
        alarms: alarms(deployment).await,
        wanted_alarms: deployment
            .resources
            .values()
            .filter(|resource| resource.kind == "AWS::CloudWatch::Alarm")
            .map(|resource| resource.id.clone())
            .collect(),
    })
}

async fn function(deployment: &Deployment, resource: &str) -> Known<Function> {
    let name = deployment.resource(resource).ok_or("the stack has none")?;
    let client = aws_sdk_lambda::Client::new(&deployment.config);
    let configuration = client.get_function_configuration().function_name(name).send().await.map_err(why)?;
    let reserved = client.get_function_concurrency().function_name(name).send().await;
    let mut sources = Vec::new();
    let mut pages = client.list_event_source_mappings().function_name(name).into_paginator().items().send();
    while let Some(mapping) = pages.next().await {
        let mapping = mapping.map_err(why)?;
        sources.push(Source {
            arn: mapping.event_source_arn().unwrap_or_default().to_owned(),
            state: mapping.state().unwrap_or_default().to_owned(),
            partial: mapping.function_response_types().iter().any(|kind| kind.as_str() == "ReportBatchItemFailures"),
        });
    }
    let variables = configuration.environment().and_then(|environment| environment.variables());
    Ok(Function {
        name: name.to_owned(),
        // Emulators say none.
        state: configuration.state().map_or("Active", |state| state.as_str()).to_owned(),
        last_update: configuration.last_update_status().map_or("Successful", |status| status.as_str()).to_owned(),
        variables: variables.map(|all| all.keys().cloned().collect()).unwrap_or_default(),
        reserved: reserved.ok().and_then(|answer| answer.reserved_concurrent_executions()),
        errors: counted(deployment, name, "Errors").await,
        throttles: counted(deployment, name, "Throttles").await,
        sources,
    })
}

async fn counted(deployment: &Deployment, function: &str, metric: &str) -> Known<u64> {
    Watch::new(&deployment.config)?.counted(function, metric).await
}

async fn queue(deployment: &Deployment, name: &str, address: &str) -> Known<Queue> {
    let answer = aws_sdk_sqs::Client::new(&deployment.config)
        .get_queue_attributes()
        .queue_url(address)
        .attribute_names(QueueAttributeName::All)
        .send()
        .await
        .map_err(why)?;
    let attribute = |name| answer.attributes().and_then(|all| all.get(&name)).map(String::as_str);
    let number = |name| attribute(name).and_then(|text| text.parse().ok()).unwrap_or(0);
    let policy = attribute(QueueAttributeName::RedrivePolicy).and_then(|text| serde_json::from_str::<Value>(text).ok());
    Ok(Queue {
        waiting: number(QueueAttributeName::ApproximateNumberOfMessages),
        dead_letters: policy.and_then(|policy| policy["deadLetterTargetArn"].as_str().map(ToOwned::to_owned)),
        is_dead_letters: name.ends_with("DeadLetters"),
        kept: number(QueueAttributeName::MessageRetentionPeriod),
    })
}

async fn bucket(deployment: &Deployment, name: &str, is_masters: bool) -> Bucket {
    let config = aws_sdk_s3::config::Builder::from(&deployment.config).force_path_style(deployment.is_emulated).build();
    let client = aws_sdk_s3::Client::from_conf(config);
    let policy = client.get_bucket_policy().bucket(name).send().await;
    let policy: Known<Value> = none_where(policy, "NoSuchBucketPolicy").map(|answer| {
        let text = answer.and_then(|answer| answer.policy).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or(Value::Null)
    });
    let public = client.get_public_access_block().bucket(name).send().await;
    let blocks_public = none_where(public, "NoSuchPublicAccessBlockConfiguration").map(|answer| {
        let blocks = answer.and_then(|answer| answer.public_access_block_configuration);
        blocks.is_some_and(|blocks| {
            [
                blocks.block_public_acls(),
                blocks.block_public_policy(),
                blocks.ignore_public_acls(),
                blocks.restrict_public_buckets(),
            ]
            .iter()
            .all(|block| *block == Some(true))
        })
    });
    let encryption = client.get_bucket_encryption().bucket(name).send().await;
    let rule = none_where(encryption, "ServerSideEncryptionConfigurationNotFoundError").map(|answer| {
        let configuration = answer.and_then(|answer| answer.server_side_encryption_configuration);
        configuration.and_then(|configuration| configuration.rules.into_iter().next())
    });
    let lifecycle = client.get_bucket_lifecycle_configuration().bucket(name).send().await;
    let ends_uploads = none_where(lifecycle, "NoSuchLifecycleConfiguration").map(|answer| {
        let rules = answer.and_then(|answer| answer.rules).unwrap_or_default();
        rules
            .iter()
            .any(|rule| rule.status().as_str() == "Enabled" && rule.abort_incomplete_multipart_upload().is_some())
    });
    let versioning = client.get_bucket_versioning().bucket(name).send().await.map_err(why);
    let tells = match is_masters {
        true => Some(queues_told(&client, name).await),
        false => None,
    };
    Bucket {
        name: name.to_owned(),
        asks_for_tls: policy.as_ref().map(policy::asks_for_tls).map_err(Clone::clone),
        writes_once: policy.as_ref().map(policy::writes_once).map_err(Clone::clone),
        blocks_public,
        bucket_key: rule
            .as_ref()
            .map(|rule| rule.as_ref().is_some_and(|rule| rule.bucket_key_enabled() == Some(true)))
            .map_err(Clone::clone),
        encryption: rule.map(|rule| {
            let default = rule.and_then(|rule| rule.apply_server_side_encryption_by_default);
            default.map(|default| default.sse_algorithm().as_str().to_owned())
        }),
        versioned: versioning.map(|answer| answer.status() == Some(&BucketVersioningStatus::Enabled)),
        ends_uploads,
        tells,
    }
}

/// The queues that hear of new objects.
async fn queues_told(client: &aws_sdk_s3::Client, bucket: &str) -> Known<Vec<String>> {
    let answer = client.get_bucket_notification_configuration().bucket(bucket).send().await.map_err(why)?;
    Ok(answer.queue_configurations().iter().map(|queue| queue.queue_arn().to_owned()).collect())
}

async fn table(deployment: &Deployment, name: &str) -> Known<Table> {
    let client = aws_sdk_dynamodb::Client::new(&deployment.config);
    let answer = client.describe_table().table_name(name).send().await.map_err(why)?;
    let table = answer.table().ok_or("DynamoDB says nothing of it")?;
    let backups = client.describe_continuous_backups().table_name(name).send().await.map_err(why);
    let lives = client.describe_time_to_live().table_name(name).send().await.map_err(why);
    let indexes = table.global_secondary_indexes().iter().filter_map(|index| index.index_name());
    let stream = table.stream_specification().filter(|stream| stream.stream_enabled());
    Ok(Table {
        status: table.table_status().map_or("unknown", |status| status.as_str()).to_owned(),
        indexes: indexes.map(ToOwned::to_owned).collect(),
        stream: stream.and_then(|stream| stream.stream_view_type()).map(|kind| kind.as_str().to_owned()),
        protected: table.deletion_protection_enabled() == Some(true),
        recovers: backups.map(|answer| {
            let backups = answer.continuous_backups_description();
            let recovery = backups.and_then(|backups| backups.point_in_time_recovery_description());
            recovery
                .and_then(|recovery| recovery.point_in_time_recovery_status())
                .is_some_and(|status| status.as_str() == "ENABLED")
        }),
        expires: lives.map(|answer| {
            let description = answer.time_to_live_description();
            let on = description
                .filter(|lives| lives.time_to_live_status().is_some_and(|status| status.as_str().starts_with("ENABL")));
            on.and_then(|lives| lives.attribute_name()).map(ToOwned::to_owned)
        }),
    })
}

async fn api(deployment: &Deployment) -> Known<u16> {
    let api = deployment.outputs.get("ApiUrl").ok_or("the stack has no output ApiUrl")?;
    // Of an emulator the template gives the id, and the emulator has its own way to it.
    let endpoint = deployment.config.endpoint_url().unwrap_or_default();
    let base = if api.contains("://") { api.clone() } else { format!("{endpoint}/_aws/execute-api/{api}/$default") };
    let client = reqwest::Client::builder().timeout(Duration::from_secs(30)).build();
    let client = client.map_err(|error| error.to_string())?;
    let answer = client.get(format!("{base}/v1/health")).send().await;
    answer.map(|answer| answer.status().as_u16()).map_err(|error| error.without_url().to_string())
}

async fn pool(deployment: &Deployment, pool: &str, client_id: &str) -> Known<Pool> {
    let client = aws_sdk_cognitoidentityprovider::Client::new(&deployment.config);
    let described = client.describe_user_pool().user_pool_id(pool).send().await.map_err(why)?;
    let administrators = described.user_pool().and_then(|pool| pool.admin_create_user_config());
    let groups = client.list_groups().user_pool_id(pool).send().await.map_err(why)?;
    let app = client.describe_user_pool_client().user_pool_id(pool).client_id(client_id).send().await.map_err(why)?;
    let app = app.user_pool_client().ok_or("Cognito says nothing of the app's client")?;
    Ok(Pool {
        by_invitation: administrators.is_some_and(|config| config.allow_admin_create_user_only()),
        groups: groups.groups().iter().filter_map(|group| group.group_name()).map(ToOwned::to_owned).collect(),
        writable: app.write_attributes().to_vec(),
        has_secret: app.client_secret().is_some_and(|secret| !secret.is_empty()),
        callbacks: app.callback_urls().to_vec(),
    })
}

async fn identity_pool(deployment: &Deployment, id: &str) -> Known<IdentityPool> {
    let client = aws_sdk_cognitoidentity::Client::new(&deployment.config);
    let pool = client.describe_identity_pool().identity_pool_id(id).send().await.map_err(why)?;
    let provider = pool.cognito_identity_providers().iter().find_map(|provider| provider.provider_name());
    let tags = match provider {
        Some(provider) => {
            let request = client.get_principal_tag_attribute_map().identity_pool_id(id);
            let answer = request.identity_provider_name(provider).send().await.map_err(why);
            answer.map(|answer| answer.principal_tags().cloned().unwrap_or_default().into_iter().collect())
        }
        None => Ok(BTreeMap::new()),
    };
    Ok(IdentityPool {
        classic_flow: pool.allow_classic_flow() == Some(true),
        unauthenticated: pool.allow_unauthenticated_identities(),
        tags,
    })
}

/// A hundred a page; an account with as many as it may have takes half a minute.
async fn topics(deployment: &Deployment) -> Known<usize> {
    let client = aws_sdk_sns::Client::new(&deployment.config);
    let mut count = 0;
    let mut pages = client.list_topics().into_paginator().send();
    while let Some(page) = pages.next().await {
        count += page.map_err(why)?.topics().len();
    }
    Ok(count)
}

async fn alarms(deployment: &Deployment) -> Known<Vec<Alarm>> {
    Watch::new(&deployment.config)?.alarms().await
}

/// An answer; none where the service says that there is no such configuration.
fn none_where<T, E, R>(answer: Result<T, aws_sdk_s3::error::SdkError<E, R>>, code: &str) -> Known<Option<T>>
where
    E: aws_sdk_s3::error::ProvideErrorMetadata + std::error::Error + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if error.as_service_error().and_then(|error| error.code()) == Some(code) => Ok(None),
        Err(error) => Err(why(error)),
    }
}

/// Why it could not be seen.
fn why<E, R>(error: aws_sdk_s3::error::SdkError<E, R>) -> String
where
    E: aws_sdk_s3::error::ProvideErrorMetadata + std::error::Error + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    said(&error).0
}
