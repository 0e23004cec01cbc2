//! Bytes as text, in the encodings banks use.

use encoding_rs::{Encoding, GB18030, UTF_8, WINDOWS_1252};

use super::NotRead;

/// How far into a file it says in which encoding it is.
const HEAD_MAX: usize = 1_000;

/// The text of a file: by its mark, as UTF-8, as the file says, else Chinese or Western by its look.
///
/// # Errors
/// [`NotRead::NotText`] when no encoding gives text without gaps and without control signs of
/// binary files.
pub fn text(bytes: &[u8]) -> Result<String, NotRead> {
    let decoded = |encoding: &'static Encoding, bytes: &[u8]| {
        let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
        (!text.contains('\0')).then(|| text.into_owned())
    };
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return decoded(encoding, &bytes[mark..]).ok_or(NotRead::NotText);
    }
    let guessed = if looks_chinese(bytes) { GB18030 } else { WINDOWS_1252 };
    [Some(UTF_8), declared(bytes), Some(guessed)]
        .into_iter()
        .flatten()
        .find_map(|encoding| decoded(encoding, bytes))
        .ok_or(NotRead::NotText)
}

/// What an XML declaration or an OFX header says.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD_MAX)]).into_owned();
    let after = |mark: &str| head.split_once(mark).map(|(_, rest)| rest);
    if let Some(rest) = after("encoding=").filter(|_| head.trim_start().starts_with("<?")) {
        let quoted = rest.get(1..)?;
        let end = quoted.find(['"', '\''])?;
        return Encoding::for_label(&quoted.as_bytes()[..end]);
    }
    let set = after("CHARSET:")?;
    let set: String = set.chars().take_while(|sign| sign.is_ascii_alphanumeric() || *sign == '-').collect();
    // OFX names the code pages of Windows by their number.
    let label = if set.bytes().all(|byte| byte.is_ascii_digit()) { format!("windows-{set}") } else { set };
    Encoding::for_label(label.as_bytes())
}

/// Whether bytes beyond ASCII come in pairs: two for every Chinese sign, while in Western text a
/// single letter with an accent stands among plain ones.
fn looks_chinese(bytes: &[u8]) -> bool {
    let (mut even, mut odd, mut run) = (0, 0, 0);
    for byte in bytes.iter().chain([&b' ']) {
        if 0x80 <= *byte {
            run += 1;
        } else if run != 0 {
            if run % 2 == 0 {
                even += 1
            } else {
                odd += 1
            }
            run = 0;
        }
    }
    odd < even
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_in_the_encodings_of_banks_is_read() {
        for (words, encoding) in
            [("交易日期,贷方金额\n", GB18030), ("Müller Straße São", WINDOWS_1252), ("摘要 é", UTF_8)]
        {
            assert_eq!(text(&encoding.encode(words).0).as_deref(), Ok(words));
        }
        assert_eq!(text("\u{feff}a".as_bytes()).as_deref(), Ok("a"), "the mark is no text");
        let utf16: Vec<u8> = "\u{feff}摘要".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(text(&utf16).as_deref(), Ok("摘要"));
    }

    #[test]
    fn what_a_file_says_of_itself_goes_before_its_look() {
        let xml = b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>\xe9\xe9</a>";
        assert!(text(xml).unwrap().contains("éé"));
        let ofx = b"OFXHEADER:100\nENCODING:USASCII\nCHARSET:1252\n\n<OFX>\xe9\xe9";
        assert!(text(ofx).unwrap().contains("éé"));
    }

    #[test]
    fn a_picture_is_no_text() {
        assert_eq!(text(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), Err(NotRead::NotText));
    }
}
