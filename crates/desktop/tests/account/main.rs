//! Signing in, against a provider that signs real tokens, with real sockets.

#![cfg(test)]

mod dance;
mod endings;
mod keeping;
mod lending;
mod secrecy;
mod sign_out;
mod stage;
