//! A small tree of elements, as both kinds of marked-up files need it.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::NotRead;
use super::scalar::Lines;

/// How deep elements may stand in each other; no bank comes near it.
pub(super) const DEPTH_MAX: usize = 64;

/// An element.
#[derive(Debug, Default)]
pub(super) struct Node {
    /// Its name, without a prefix.
    pub name: String,
    /// What stands in it beside elements.
    pub text: String,
    /// The attribute `Ccy`, the only one a statement says something by.
    pub currency: String,
    pub children: Vec<Node>,
    /// The line it begins in, from 1.
    pub line: i64,
}

impl Node {
    /// All elements of this name directly in it.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Node> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The first element along a path of names such as `Acct/Id/IBAN`; a name may be `A|B`.
    pub fn at(&self, path: &str) -> Option<&Node> {
        path.split('/').try_fold(self, |node, step| {
            step.split('|').find_map(|name| node.children.iter().find(|child| child.name == name))
        })
    }

    /// The text of the first element along a path; empty where there is none.
    pub fn text(&self, path: &str) -> &str {
        self.at(path).map_or("", |node| node.text.trim())
    }

    /// Every element of this name, however deep.
    pub fn deep<'a>(&'a self, names: &[&str], found: &mut Vec<&'a Node>) {
        for child in &self.children {
            if names.contains(&child.name.as_str()) {
                found.push(child);
            } else {
                child.deep(names, found);
            }
        }
    }
}

/// The tree of an XML document, under a node without a name.
///
/// # Errors
/// Whatever is not well formed; a document type, and names of entities other than the five of
/// XML: they could grow without end or reach outside.
pub(super) fn tree(text: &str) -> Result<Node, NotRead> {
    let mut reader = Reader::from_str(text);
    let mut open = vec![Node::default()];
    let mut lines = Lines::of(text);
    loop {
        let line = lines.at(reader.buffer_position() as usize);
        let malformed = || NotRead::Malformed { line };
        let event = reader.read_event().map_err(|_| malformed())?;
        match event {
            Event::Start(start) => {
                if DEPTH_MAX < open.len() {
                    return Err(malformed());
                }
                open.push(node(&start, line).ok_or_else(malformed)?);
            }
            Event::Empty(start) => {
                let node = node(&start, line).ok_or_else(malformed)?;
                open.last_mut().ok_or_else(malformed)?.children.push(node);
            }
            Event::End(_) => {
                let node = open.pop().ok_or_else(malformed)?;
                open.last_mut().ok_or_else(malformed)?.children.push(node);
            }
            Event::Text(words) => put(&mut open, &words.xml10_content()),
            Event::CData(words) => put(&mut open, &words.xml10_content()),
            Event::GeneralRef(name) => {
                let sign = match name.resolve_char_ref().map_err(|_| malformed())? {
                    Some(sign) => sign,
                    None => predefined(&name).ok_or(NotRead::Outside { line })?,
                };
                put(&mut open, sign.encode_utf8(&mut [0; 4]));
            }
            Event::DocType(_) => return Err(NotRead::Outside { line }),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    match (open.pop(), open.is_empty()) {
        (Some(root), true) => Ok(root),
        // What was begun last is not ended: the file is cut off.
        _ => Err(NotRead::Malformed { line: lines.at(text.len()) }),
    }
}

fn put(open: &mut [Node], text: &str) {
    if let Some(node) = open.last_mut() {
        node.text.push_str(text);
    }
}

fn node(start: &BytesStart<'_>, line: i64) -> Option<Node> {
    let currency = start.try_get_attribute("Ccy").ok()?;
    let currency = match currency {
        Some(found) => found.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned(),
        None => String::new(),
    };
    Some(Node { name: start.local_name().as_ref().to_owned(), currency, line, ..Node::default() })
}

/// The signs that have a name in every XML document.
pub(super) fn predefined(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}
