//! `#[derive(Entity, Choice, Action, Refusal)]`: emits tables and conversions, no behaviour.
//!
//! A doc comment is the help text. Its lines with Chinese characters are the Chinese
//! text, the others the English one. English labels come from names
//! (`ordered_on` → "Ordered on"), Chinese ones from `zh = "…"`.

mod action;
mod attrs;
mod choice;
mod entity;
mod refusal;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Describes a struct as an entity. See `docs/recipes/add-a-document.md`.
#[proc_macro_derive(Entity, attributes(entity, field))]
pub fn derive_entity(input: TokenStream) -> TokenStream {
    finish(entity::expand(&parse_macro_input!(input as DeriveInput)))
}

/// Describes an enum as a list of codes.
#[proc_macro_derive(Choice, attributes(choice))]
pub fn derive_choice(input: TokenStream) -> TokenStream {
    finish(choice::expand(&parse_macro_input!(input as DeriveInput)))
}

/// Describes an enum as the actions of a document.
#[proc_macro_derive(Action, attributes(action, field))]
pub fn derive_action(input: TokenStream) -> TokenStream {
    finish(action::expand(&parse_macro_input!(input as DeriveInput)))
}

/// Turns an enum of reasons into the common `kernel::Refusal`.
#[proc_macro_derive(Refusal, attributes(refusal))]
pub fn derive_refusal(input: TokenStream) -> TokenStream {
    finish(refusal::expand(&parse_macro_input!(input as DeriveInput)))
}

fn finish(result: syn::Result<proc_macro2::TokenStream>) -> TokenStream {
    result.unwrap_or_else(|error| error.to_compile_error()).into()
}
