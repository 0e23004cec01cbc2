//! `#[derive(Refusal)]`

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields};

use crate::attrs::{Attrs, doc, lit, snake};

pub fn expand(input: &DeriveInput) -> syn::Result<TokenStream> {
    let Data::Enum(data) = &input.data else {
        return Err(Error::new_spanned(input, "reasons are an enum"));
    };
    let ident = &input.ident;
    let mut arms = Vec::new();
    for variant in &data.variants {
        let texts = doc(&variant.attrs);
        if texts.en.is_empty() || texts.zh.is_empty() {
            return Err(Error::new_spanned(
                variant,
                "say in the doc comment, in English and in Chinese, what is so and what to do",
            ));
        }
        let attrs = Attrs::read(&variant.attrs, "refusal", &["kind", "field"])?;
        let kind = syn::Ident::new(
            if attrs.has("kind") { attrs.text("kind") } else { "NotNow" },
            proc_macro2::Span::call_site(),
        );
        let (code, en, zh) = (lit(&snake(&variant.ident.to_string())), lit(&texts.en), lit(&texts.zh));
        let name = &variant.ident;
        let fields: Vec<_> = match &variant.fields {
            Fields::Named(fields) => fields.named.iter().filter_map(|field| field.ident.as_ref()).collect(),
            Fields::Unit => Vec::new(),
            Fields::Unnamed(_) => return Err(Error::new_spanned(variant, "what a reason tells has names")),
        };
        let keys: Vec<_> = fields.iter().map(|field| lit(&field.to_string())).collect();
        let place = match attrs.text("field") {
            "" => quote!(),
            field => {
                let field = lit(field);
                quote!(.field(#field))
            }
        };
        arms.push(quote! {
            #ident::#name { #(#fields),* } => ::kernel::Refusal::new(#code, ::kernel::Label::new(#en, #zh))
                .kind(::kernel::ProblemKind::#kind)
                #(.with(#keys, #fields))*
                #place
        });
    }
    Ok(quote! {
        impl From<#ident> for ::kernel::Refusal {
            fn from(why: #ident) -> ::kernel::Refusal {
                match why { #(#arms),* }
            }
        }
    })
}
