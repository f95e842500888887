//! A label's own cloud in the real window: the template on the emulator, with the functions' real programs, and a provider
//! that signs real tokens.

mod artist;
mod joining;
mod killed;
mod label;
mod once;
mod twice;
