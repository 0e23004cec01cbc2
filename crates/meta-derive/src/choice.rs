//! `#[derive(Choice)]`

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields};

use crate::attrs::{Attrs, label, lit, snake};

pub fn expand(input: &DeriveInput) -> syn::Result<TokenStream> {
    let Data::Enum(data) = &input.data else {
        return Err(Error::new_spanned(input, "a choice is an enum"));
    };
    let name = &input.ident;
    let choice = lit(&snake(&name.to_string()));
    let (mut values, mut codes, mut variants) = (Vec::new(), Vec::new(), Vec::new());
    for variant in &data.variants {
        if !matches!(variant.fields, Fields::Unit) {
            return Err(Error::new_spanned(variant, "a value of a choice has no fields"));
        }
        let attrs = Attrs::read(&variant.attrs, "choice", &["zh", "label", "tone", "code"])?;
        let word = variant.ident.to_string();
        let code = if attrs.has("code") { attrs.text("code").to_owned() } else { snake(&word) };
        let code = lit(&code);
        let label = label(&attrs, &word);
        let tone = lit(if attrs.has("tone") { attrs.text("tone") } else { "neutral" });
        values.push(quote!(::meta::ChoiceValue { code: #code, label: #label, tone: #tone }));
        codes.push(code);
        variants.push(&variant.ident);
    }
    Ok(quote! {
        impl ::meta::Choice for #name {
            const META: &'static ::meta::ChoiceMeta = &::meta::ChoiceMeta { name: #choice, values: &[#(#values),*] };
            fn code(self) -> &'static str {
                match self { #(#name::#variants => #codes),* }
            }
            fn of(code: &str) -> Option<Self> {
                match code { #(#codes => Some(#name::#variants),)* _ => None }
            }
            fn all() -> &'static [Self] {
                &[#(#name::#variants),*]
            }
        }
        impl ::meta::FieldType for #name {
            const KIND: ::meta::FieldKind = ::meta::FieldKind::Choice(<#name as ::meta::Choice>::META);
            fn to_value(&self) -> ::meta::Value {
                ::meta::Value::Text(::meta::Choice::code(*self).to_owned())
            }
            fn from_value(value: &::meta::Value) -> Result<Self, ::meta::Fault> {
                match value.text() {
                    Some(code) => ::meta::Choice::of(code).ok_or_else(|| {
                        ::meta::Fault::new(format!("{code} is not a value of {}", #choice))
                    }),
                    None => Ok(<#name as ::meta::Choice>::all()[0]),
                }
            }
        }
    })
}
