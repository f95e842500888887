use std::collections::BTreeMap;

use aws_config::{BehaviorVersion, Region, SdkConfig};

use super::refusal::refusal;
use crate::arguments::Stack;
use crate::failure::Failure;

/// A deployment, as its stack describes it.
#[derive(Debug, Clone)]
pub(super) struct Deployment {
    /// The stack's name.
    pub(super) stack: String,
    /// Where it is.
    pub(super) region: String,
    /// What CloudFormation says of it, such as `UPDATE_COMPLETE`.
    pub(super) status: String,
    /// The template's outputs.
    pub(super) outputs: BTreeMap<String, String>,
    /// What the stack consists of: the physical id and the type of each resource by its name in the template.
    pub(super) resources: BTreeMap<String, Resource>,
    /// How AWS is reached.
    pub(super) config: SdkConfig,
    /// Whether it is an emulator: buckets are addressed by path there.
    pub(super) is_emulated: bool,
}

/// A part of a stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Resource {
    /// Its type, such as `AWS::SQS::Queue`.
    pub(super) kind: String,
    /// Its name or address.
    pub(super) id: String,
}

impl Deployment {
    /// Looks a deployment up.
    pub(super) async fn find(place: &Stack) -> Result<Self, Failure> {
        let config = config(place).await?;
        let region = config.region().map(ToString::to_string).unwrap_or_default();
        let client = aws_sdk_cloudformation::Client::new(&config);
        let doing = format!("The stack {} in {region} cannot be looked up", place.stack);
        let described = client.describe_stacks().stack_name(&place.stack).send().await;
        let described = described.map_err(|error| match refusal(&doing, &error) {
            // CloudFormation's way to say that there is none.
            failure if failure.message.contains("ValidationError") && failure.message.contains("exist") => {
                no_stack(&place.stack, &region)
            }
            failure => failure,
        })?;
        let Some(stack) = described.stacks().first() else { return Err(no_stack(&place.stack, &region)) };
        let outputs = stack
            .outputs()
            .iter()
            .filter_map(|output| Some((output.output_key()?.to_owned(), output.output_value()?.to_owned())));
        let mut deployment = Self {
            stack: place.stack.clone(),
            region,
            status: stack.stack_status().map(|status| status.as_str().to_owned()).unwrap_or_default(),
            outputs: outputs.collect(),
            resources: BTreeMap::new(),
            is_emulated: place.endpoint.is_some() || std::env::var_os("AWS_ENDPOINT_URL").is_some(),
            config,
        };
        let mut pages = client.list_stack_resources().stack_name(&place.stack).into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| refusal(&doing, &error))?;
            for resource in page.stack_resource_summaries() {
                let (Some(name), Some(kind)) = (resource.logical_resource_id(), resource.resource_type()) else {
                    continue;
                };
                let id = resource.physical_resource_id().unwrap_or_default().to_owned();
                deployment.resources.insert(name.to_owned(), Resource { kind: kind.to_owned(), id });
            }
        }
        Ok(deployment)
    }

    /// An output of the template.
    pub(super) fn output(&self, name: &str) -> Result<&str, Failure> {
        self.outputs.get(name).map(String::as_str).ok_or_else(|| {
            Failure::new("cloud-output", format!("The stack {} has no output {name}.", self.stack))
                .with_help("It is no deployment of Lacquer, or one of another version: deploy the template again.")
        })
    }

    /// A resource's physical id, by its name in the template.
    pub(super) fn resource(&self, name: &str) -> Option<&str> {
        self.resources.get(name).map(|resource| resource.id.as_str()).filter(|id| !id.is_empty())
    }
}

async fn config(place: &Stack) -> Result<SdkConfig, Failure> {
    let mut loader = aws_config::defaults(BehaviorVersion::latest());
    if let Some(region) = &place.region {
        loader = loader.region(Region::new(region.clone()));
    }
    if let Some(profile) = &place.profile {
        loader = loader.profile_name(profile);
    }
    if let Some(endpoint) = &place.endpoint {
        loader = loader.endpoint_url(endpoint);
    }
    let config = loader.load().await;
    if config.region().is_none() {
        return Err(Failure::new("cloud-region", "No region is known.")
            .with_help("Say --region, such as --region eu-west-1, or set AWS_REGION."));
    }
    Ok(config)
}

fn no_stack(name: &str, region: &str) -> Failure {
    Failure::new("cloud-no-stack", format!("There is no stack {name} in {region}."))
        .with_help("Say which with --stack and --region, and whose with --profile.")
}
