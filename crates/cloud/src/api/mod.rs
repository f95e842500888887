//! What the API does, as functions over the ports: no AWS here, and no HTTP server.

pub mod wire;
