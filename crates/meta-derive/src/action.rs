//! `#[derive(Action)]`

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields};

use crate::attrs::{Attrs, help, label, lit, snake};
use crate::entity::{FIELD_WORDS, field_meta};

pub fn expand(input: &DeriveInput) -> syn::Result<TokenStream> {
    let Data::Enum(data) = &input.data else {
        return Err(Error::new_spanned(input, "actions are an enum"));
    };
    let ident = &input.ident;
    let (mut metas, mut names, mut parsers) = (Vec::new(), Vec::new(), Vec::new());
    for variant in &data.variants {
        let word = variant.ident.to_string();
        let attrs = Attrs::read(&variant.attrs, "action", &["zh", "label", "danger", "primary", "many"])?;
        let name = lit(&snake(&word));
        let (label, help) = (label(&attrs, &word), help(&variant.attrs));
        let (danger, primary, many) = (attrs.has("danger"), attrs.has("primary"), attrs.has("many"));
        let variant_ident = &variant.ident;
        let mut args = Vec::new();
        match &variant.fields {
            Fields::Unit => {
                names.push(quote!(#ident::#variant_ident => #name));
                parsers.push(quote!(#name => Some(#ident::#variant_ident)));
            }
            Fields::Named(fields) => {
                let mut reads = Vec::new();
                for (index, field) in fields.named.iter().enumerate() {
                    let words = Attrs::read(&field.attrs, "field", FIELD_WORDS)?;
                    args.push(field_meta(field, &words)?);
                    let field_ident = &field.ident;
                    reads.push(quote!(#field_ident: ::meta::FieldType::from_value(&args[#index])?));
                }
                names.push(quote!(#ident::#variant_ident { .. } => #name));
                parsers.push(quote!(#name => Some(#ident::#variant_ident { #(#reads),* })));
            }
            Fields::Unnamed(_) => return Err(Error::new_spanned(variant, "what is said with an action has names")),
        }
        metas.push(quote! {
            ::meta::ActionMeta {
                name: #name, label: #label, help: #help, args: &[#(#args),*],
                danger: #danger, primary: #primary, many: #many,
            }
        });
    }
    Ok(quote! {
        impl ::meta::Action for #ident {
            fn metas() -> &'static [::meta::ActionMeta] {
                static METAS: &[::meta::ActionMeta] = &[#(#metas),*];
                METAS
            }
            fn name(&self) -> &'static str {
                match *self { #(#names),* }
            }
            #[allow(unused_variables)]
            fn of(name: &str, args: &[::meta::Value]) -> Result<Option<Self>, ::meta::Fault> {
                Ok(match name { #(#parsers,)* _ => None })
            }
        }
    })
}
