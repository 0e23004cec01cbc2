//! `#[derive(Entity)]`

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Field, Fields, GenericArgument, PathArguments, Type};

use crate::attrs::{Attrs, help, label, lit, snake, words};

const ENTITY_WORDS: &[&str] = &[
    "label",
    "zh",
    "plural",
    "prefix",
    "kind",
    "title",
    "title_zh",
    "list",
    "sort",
    "number",
    "number_at",
    "number_by",
    "parent",
    "index",
    "actions",
    "stages",
    "name",
    "steady",
    "personal",
];

pub const FIELD_WORDS: &[&str] = &[
    "label",
    "zh",
    "search",
    "group",
    "readonly",
    "computed",
    "hidden",
    "unique",
    "index",
    "max",
    "currency",
    "only",
    "along",
    "default",
    "owned",
    "at_least",
    "not_before",
    "less",
    "may_be_none",
    "state",
    "section",
    "secret",
    "optional",
    "long",
    "email",
    "phone",
    "url",
    "barcode",
    "country",
    "json",
    "required",
];

pub fn expand(input: &DeriveInput) -> syn::Result<TokenStream> {
    let Data::Struct(data) = &input.data else {
        return Err(Error::new_spanned(input, "an entity is a struct"));
    };
    let Fields::Named(fields) = &data.fields else {
        return Err(Error::new_spanned(input, "an entity has named fields"));
    };
    let ident = &input.ident;
    let attrs = Attrs::read(&input.attrs, "entity", ENTITY_WORDS)?;
    let name_text = if attrs.has("name") { attrs.text("name").to_owned() } else { snake(&ident.to_string()) };
    let name = lit(&name_text);
    if !attrs.has("prefix") {
        return Err(Error::new_spanned(input, "say how its ids begin: #[entity(prefix = \"so\")]"));
    }
    let prefix = lit(attrs.text("prefix"));
    let entity_label = label(&attrs, &name_text);
    let plural = match (attrs.text("plural"), attrs.text("zh")) {
        ("", zh) => {
            let (en, zh) = (lit(&(label_text(&attrs, &name_text) + "s")), lit(zh));
            quote!(::kernel::Label::new(#en, #zh))
        }
        (en, zh) => {
            let (en, zh) = (lit(en), lit(zh));
            quote!(::kernel::Label::new(#en, #zh))
        }
    };
    let help_text = help(&input.attrs);
    let parent = match attrs.text("parent").split_once('.') {
        Some((entity, field)) => {
            let (entity, field) = (lit(entity), lit(field));
            quote!(Some((#entity, #field)))
        }
        None => quote!(None),
    };
    let kind = match attrs.text("kind") {
        "master" => quote!(Master),
        "ledger" => quote!(Ledger),
        "setting" => quote!(Setting),
        "" if attrs.has("parent") => quote!(Owned),
        "" | "document" => quote!(Document),
        other => return Err(Error::new_spanned(input, format!("`{other}` is no kind of entity"))),
    };
    let lists = |word: &str| {
        let items: Vec<_> = attrs.list(word).iter().map(|item| lit(item)).collect();
        quote!(&[#(#items),*])
    };
    let (title, list, sort) = (lists("title"), lists("list"), lists("sort"));
    let title_zh = match attrs.text("title_zh") {
        "" => quote!(None),
        field => {
            let field = lit(field);
            quote!(Some(#field))
        }
    };
    let indexes: Vec<_> =
        attrs.text("index").split(';').map(str::trim).filter(|one| !one.is_empty()).map(lit).collect();
    let (steady, personal) = (attrs.has("steady"), attrs.has("personal"));
    let number = lit(attrs.text("number"));
    let number_at = lit(if attrs.has("number_at") { attrs.text("number_at") } else { "create" });
    let number_by = lit(attrs.text("number_by"));

    let mut metas = Vec::new();
    let mut from = Vec::new();
    let mut to = Vec::new();
    let mut sections = Vec::new();
    let mut stage = quote!(None);
    for (index, field) in fields.named.iter().enumerate() {
        let field_ident = field.ident.as_ref().expect("named");
        let field_name = lit(&field_ident.to_string());
        let words = Attrs::read(&field.attrs, "field", FIELD_WORDS)?;
        if words.has("state") {
            stage = quote!(Some(#field_name));
        }
        if let Some(section) = words.group("section") {
            let (en, zh) = (lit(section.text("en")), lit(section.text("zh")));
            sections.push(quote!(::meta::Section { label: ::kernel::Label::new(#en, #zh), first: #field_name }));
        }
        metas.push(field_meta(field, &words)?);
        if field_ident == "id" {
            from.push(quote!(id: ::kernel::Id::new(record.id)));
            to.push(quote!(record.id = self.id.raw();));
        } else if words.has("owned") {
            let line = inner_type(&field.ty).ok_or_else(|| Error::new_spanned(&field.ty, "owned lines are a Vec"))?;
            from.push(quote! {
                #field_ident: record.owned_at(#index).iter()
                    .map(<#line as ::meta::Entity>::from_record)
                    .collect::<Result<Vec<_>, ::meta::Fault>>()?
            });
            to.push(quote! {
                *record.owned_at_mut(#index) = self.#field_ident.iter().map(::meta::Entity::to_record).collect();
            });
        } else {
            from.push(quote!(#field_ident: ::meta::FieldType::from_value(record.at(#index))?));
            to.push(quote!(record.put(#index, ::meta::FieldType::to_value(&self.#field_ident));));
        }
    }
    let actions = match attrs.text("actions") {
        "" => quote!(no_actions),
        path => {
            let path: syn::Path = syn::parse_str(path)?;
            quote!(<#path as ::meta::Action>::metas)
        }
    };
    let transitions = match attrs.text("stages") {
        "" => quote!(no_transitions),
        path => {
            let path: syn::Path = syn::parse_str(path)?;
            quote!(#path::transitions)
        }
    };
    Ok(quote! {
        impl ::meta::Entity for #ident {
            const NAME: &'static str = #name;
            fn meta() -> &'static ::meta::EntityMeta {
                #[allow(dead_code)]
                fn no_actions() -> &'static [::meta::ActionMeta] { &[] }
                #[allow(dead_code)]
                fn no_transitions() -> Vec<::meta::Transition> { Vec::new() }
                static META: ::meta::EntityMeta = ::meta::EntityMeta {
                    name: #name,
                    prefix: #prefix,
                    kind: ::meta::EntityKind::#kind,
                    label: #entity_label,
                    plural: #plural,
                    help: #help_text,
                    fields: &[#(#metas),*],
                    title: #title,
                    title_zh: #title_zh,
                    list: #list,
                    sort: #sort,
                    sections: &[#(#sections),*],
                    number: #number,
                    number_at: #number_at,
                    number_by: #number_by,
                    stage_field: #stage,
                    steady: #steady,
                    personal: #personal,
                    parent: #parent,
                    indexes: &[#(#indexes),*],
                    actions: #actions,
                    transitions: #transitions,
                };
                &META
            }
            fn from_record(record: &::meta::Record) -> Result<Self, ::meta::Fault> {
                Ok(#ident { #(#from),* })
            }
            fn to_record(&self) -> ::meta::Record {
                let mut record = ::meta::Record::empty(<Self as ::meta::Entity>::meta());
                #(#to)*
                record
            }
        }
    })
}

fn label_text(attrs: &Attrs, name: &str) -> String {
    if attrs.has("label") { attrs.text("label").to_owned() } else { words(name) }
}

/// The `T` of `Vec<T>`.
fn inner_type(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(args) = &last.arguments else { return None };
    match args.args.first()? {
        GenericArgument::Type(inner) => Some(inner),
        _ => None,
    }
}

/// The description of one field.
pub fn field_meta(field: &Field, words: &Attrs) -> syn::Result<TokenStream> {
    let ident = field.ident.as_ref().expect("named");
    let name_text = ident.to_string();
    let name = lit(&name_text);
    let ty = &field.ty;
    let (label, help) = (label(words, &name_text), help(&field.attrs));
    let special =
        ["long", "email", "phone", "url", "barcode", "country", "json"].into_iter().find(|word| words.has(word));
    let kind = match (name_text.as_str(), words.has("owned"), special) {
        ("id", ..) => quote!(::meta::FieldKind::Id),
        (_, true, _) => {
            let line = inner_type(ty).ok_or_else(|| Error::new_spanned(ty, "owned lines are a Vec"))?;
            quote!(::meta::FieldKind::Owned(<#line as ::meta::Entity>::meta))
        }
        (_, _, Some("long")) => quote!(::meta::FieldKind::LongText),
        (_, _, Some("email")) => quote!(::meta::FieldKind::Email),
        (_, _, Some("phone")) => quote!(::meta::FieldKind::Phone),
        (_, _, Some("url")) => quote!(::meta::FieldKind::Url),
        (_, _, Some("barcode")) => quote!(::meta::FieldKind::Barcode),
        (_, _, Some("country")) => quote!(::meta::FieldKind::Country),
        (_, _, Some(_)) => quote!(::meta::FieldKind::Json),
        _ => quote!(<#ty as ::meta::FieldType>::KIND),
    };
    let required = if name_text == "id" || words.has("owned") || words.has("optional") {
        quote!(false)
    } else if words.has("required") {
        quote!(true)
    } else {
        quote!(<#ty as ::meta::FieldType>::REQUIRED)
    };
    let flag = |word: &str| words.has(word);
    let (search, group, unique, index) = (flag("search"), flag("group"), flag("unique"), flag("index"));
    let (computed, hidden, secret) = (flag("computed"), flag("hidden"), flag("secret"));
    let may_be_none = flag("may_be_none");
    let readonly = flag("readonly") || flag("state") || name_text == "id" || name_text == "company";
    let hidden = hidden || name_text == "id" || name_text == "company";
    let max = words.number("max", if words.has("long") || words.has("json") { 20_000 } else { 200 });
    let at_least = words.number("at_least", 0);
    let currency = lit(words.text("currency"));
    let (only, along, default) = (lit(words.text("only")), lit(words.text("along")), lit(words.text("default")));
    let (not_before, less) = (lit(words.text("not_before")), lit(words.text("less")));
    Ok(quote! {
        ::meta::FieldMeta {
            name: #name, kind: #kind, label: #label, help: #help,
            required: #required, readonly: #readonly, computed: #computed, hidden: #hidden,
            search: #search, group: #group, unique: #unique, index: #index, max: #max,
            currency: #currency, only: #only, along: #along, default: #default, at_least: #at_least,
            not_before: #not_before, less: #less, may_be_none: #may_be_none, secret: #secret,
        }
    })
}
