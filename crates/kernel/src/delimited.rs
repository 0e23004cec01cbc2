//! Tables in plain text, as spreadsheets and banks write them.

/// The line, counted from 1, of a quotation mark that begins a cell and that no other ends: all the rest of the text
/// would be that cell.
pub fn unended(text: &str, separator: u8) -> Option<usize> {
    let (mut line, mut opened, mut begins) = (1, None, true);
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        line += usize::from(byte == b'\n');
        match (byte, opened) {
            // Two of them within a cell mean one that is its text.
            (b'"', Some(_)) if bytes.peek() == Some(&b'"') => drop(bytes.next()),
            (b'"', Some(_)) => opened = None,
            (b'"', None) if begins => opened = Some(line),
            _ => {}
        }
        begins = opened.is_none() && (byte == separator || byte == b'\n');
    }
    opened
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_never_ends_is_told_with_its_line() {
        for (text, line) in [("a,b\n1,\"x\n2,y\n", Some(2)), ("a,b\n1,\"x \"\"y\"\" z\n", Some(2)), ("\"a\n", Some(1))]
        {
            assert_eq!(unended(text, b','), line, "{text:?}");
        }
        for text in ["a,b\n1,\"x, \"\"y\"\"\nz\"\n", "a,b\n5\" pipe,x\n", "a,b\n\"\",\"\"\"\"\n"] {
            assert_eq!(unended(text, b','), None, "{text:?}");
        }
    }
}
