//! Reads doc comments and attributes.

use std::collections::BTreeMap;

use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, Ident, Lit, LitStr, Meta, Token};

/// English and Chinese text.
pub struct Texts {
    pub en: String,
    pub zh: String,
}

/// The doc comment, its lines sorted by language.
pub fn doc(attrs: &[Attribute]) -> Texts {
    let mut texts = Texts { en: String::new(), zh: String::new() };
    for attr in attrs {
        let Meta::NameValue(pair) = &attr.meta else { continue };
        let Expr::Lit(ExprLit { lit: Lit::Str(line), .. }) = &pair.value else { continue };
        if !attr.path().is_ident("doc") {
            continue;
        }
        let line = line.value();
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        if line.chars().any(is_chinese) {
            texts.zh.push_str(line);
        } else {
            if !texts.en.is_empty() {
                texts.en.push(' ');
            }
            texts.en.push_str(line);
        }
    }
    texts
}

fn is_chinese(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{9fff}')
}

/// What stands in `#[field(…)]`: words, `key = "value"`, `key(k = "v")`.
#[derive(Default)]
pub struct Attrs {
    pairs: BTreeMap<String, String>,
    groups: BTreeMap<String, Attrs>,
    span: Option<proc_macro2::Span>,
}

enum Item {
    Word(Ident),
    Pair(Ident, String),
    Group(Ident, Attrs),
}

impl Parse for Item {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let name: Ident = input.call(syn::ext::IdentExt::parse_any)?;
        if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            let literal: Lit = input.parse()?;
            let value = match literal {
                Lit::Str(text) => text.value(),
                Lit::Int(number) => number.base10_digits().to_owned(),
                Lit::Bool(yes) => yes.value.to_string(),
                other => return Err(syn::Error::new_spanned(other, "a text, a number or true/false is expected")),
            };
            return Ok(Item::Pair(name, value));
        }
        if input.peek(syn::token::Paren) {
            let inner;
            syn::parenthesized!(inner in input);
            let items = Punctuated::<Item, Token![,]>::parse_terminated(&inner)?;
            return Ok(Item::Group(name, collect(items)));
        }
        Ok(Item::Word(name))
    }
}

fn collect(items: impl IntoIterator<Item = Item>) -> Attrs {
    let mut attrs = Attrs::default();
    for item in items {
        match item {
            Item::Word(name) => {
                attrs.pairs.insert(name.to_string(), String::new());
            }
            Item::Pair(name, value) => {
                attrs.pairs.insert(name.to_string(), value);
            }
            Item::Group(name, inner) => {
                attrs.groups.insert(name.to_string(), inner);
            }
        }
    }
    attrs
}

impl Attrs {
    /// Reads the attributes of that name and refuses words that are not known.
    pub fn read(attrs: &[Attribute], name: &str, known: &[&str]) -> syn::Result<Attrs> {
        let mut all = Attrs::default();
        for attr in attrs.iter().filter(|attr| attr.path().is_ident(name)) {
            let items = attr.parse_args_with(Punctuated::<Item, Token![,]>::parse_terminated)?;
            let one = collect(items);
            for key in one.pairs.keys().chain(one.groups.keys()) {
                if !known.contains(&key.as_str()) {
                    return Err(syn::Error::new_spanned(attr, format!("`{key}` is not one of {known:?}")));
                }
            }
            all.pairs.extend(one.pairs);
            all.groups.extend(one.groups);
            all.span = Some(syn::spanned::Spanned::span(attr));
        }
        Ok(all)
    }

    /// Whether a word stands there, with or without a value.
    pub fn has(&self, name: &str) -> bool {
        self.pairs.contains_key(name)
    }

    /// The value of a key, or "".
    pub fn text(&self, name: &str) -> &str {
        self.pairs.get(name).map_or("", String::as_str)
    }

    /// The number of a key.
    pub fn number(&self, name: &str, otherwise: usize) -> usize {
        self.pairs.get(name).and_then(|text| text.parse().ok()).unwrap_or(otherwise)
    }

    /// A list separated by commas.
    pub fn list(&self, name: &str) -> Vec<String> {
        self.text(name).split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }

    /// A group.
    pub fn group(&self, name: &str) -> Option<&Attrs> {
        self.groups.get(name)
    }
}

/// `OrderedOn` or `ordered_on` → `ordered_on`.
pub fn snake(name: &str) -> String {
    let mut text = String::new();
    for (index, letter) in name.chars().enumerate() {
        if letter.is_uppercase() {
            if index > 0 {
                text.push('_');
            }
            text.extend(letter.to_lowercase());
        } else {
            text.push(letter);
        }
    }
    text
}

/// `ordered_on` → `Ordered on`.
pub fn words(name: &str) -> String {
    let text = snake(name).replace('_', " ");
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().collect::<String>() + letters.as_str(),
        None => text,
    }
}

/// A text literal.
pub fn lit(text: &str) -> LitStr {
    LitStr::new(text, proc_macro2::Span::call_site())
}

/// The label: `label` or the name's words, and `zh`.
pub fn label(attrs: &Attrs, name: &str) -> proc_macro2::TokenStream {
    let en = if attrs.has("label") { attrs.text("label").to_owned() } else { words(name) };
    let zh = if name == "id" && !attrs.has("zh") { "内部编号" } else { attrs.text("zh") };
    let (en, zh) = (lit(&en), lit(zh));
    quote::quote!(::kernel::Label::new(#en, #zh))
}

/// The help text of a doc comment.
pub fn help(attrs: &[Attribute]) -> proc_macro2::TokenStream {
    let texts = doc(attrs);
    let (en, zh) = (lit(&texts.en), lit(&texts.zh));
    quote::quote!(::kernel::Label::new(#en, #zh))
}
