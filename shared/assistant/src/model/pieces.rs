//! A text in pieces that fit beside a question, and without what belongs to people.

/// Longest piece. Some paragraphs: enough to say one thing, and several of them fit into a request.
const PIECE_CHARS_MAX: usize = 800;

/// Digits in a row, whatever stands between them, that may be somebody's phone, card or account.
const DIGITS_MAX: usize = 6;

/// The text in pieces, in order: whole paragraphs where they are short, words where one is long.
#[must_use]
pub fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut piece = String::new();
    for paragraph in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let is_long = piece.chars().count() + paragraph.chars().count() >= PIECE_CHARS_MAX;
        if is_long && !piece.is_empty() {
            pieces.push(std::mem::take(&mut piece));
        }
        for word in paragraph.split_whitespace() {
            let letters: Vec<char> = word.chars().collect();
            // A word of any length is cut as well.
            for part in letters.chunks(PIECE_CHARS_MAX) {
                if piece.chars().count() + part.len() >= PIECE_CHARS_MAX && !piece.is_empty() {
                    pieces.push(std::mem::take(&mut piece));
                }
                if !piece.is_empty() && !piece.ends_with('\n') {
                    piece.push(' ');
                }
                piece.extend(part);
            }
        }
        piece.push('\n');
    }
    pieces.push(piece);
    pieces.iter().map(|piece| piece.trim().to_owned()).filter(|piece| !piece.is_empty()).collect()
}

/// The text without addresses, numbers and accounts that people can be reached or known by.
#[must_use]
pub fn discreet(text: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut number: Vec<&str> = Vec::new();
    for word in text.split_whitespace() {
        let is_of_number = word.contains(|letter: char| letter.is_numeric())
            && word.chars().all(|letter| letter.is_alphanumeric() || "+-()/.,:".contains(letter));
        if is_of_number {
            number.push(word);
            continue;
        }
        keep_number(&mut kept, &mut number);
        kept.push(if word.contains('@') { "[e-mail]" } else { word });
    }
    keep_number(&mut kept, &mut number);
    kept.join(" ")
}

/// Words with digits, one after the other: too many digits together are taken out.
fn keep_number<'a>(kept: &mut Vec<&'a str>, number: &mut Vec<&'a str>) {
    let digits: usize = number.iter().map(|word| word.chars().filter(|c| c.is_numeric()).count()).sum();
    if digits > DIGITS_MAX {
        kept.push("[number]");
        number.clear();
    } else {
        kept.append(number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_paragraphs_then_between_words_and_nothing_is_lost() {
        let paragraph = "Candles are never reduced before Christmas. ".repeat(10);
        let text = format!("# Prices\n\n{paragraph}\n\n{paragraph}\n{}\n", "x".repeat(2_000));
        let pieces = pieces(&text);
        assert!(pieces.iter().all(|piece| piece.chars().count() <= PIECE_CHARS_MAX), "{pieces:?}");
        assert!(pieces[0].starts_with("# Prices") && pieces.len() == 5, "{pieces:?}");
        let joined = |text: &str| text.split_whitespace().collect::<String>();
        assert_eq!(joined(&pieces.concat()), joined(&text));
        assert!(super::pieces(" \n\n ").is_empty());
    }

    #[test]
    fn what_people_can_be_reached_by_is_taken_out() {
        for (text, kept) in [
            ("Ask anna@example.org about 2025.", "Ask [e-mail] about 2025."),
            ("Call +44 20 7946 0958 before noon", "Call [number] before noon"),
            ("DE89 3704 0044 0532 0130 00 is ours", "[number] is ours"),
            ("The 100 ml costs 196 euro", "The 100 ml costs 196 euro"),
        ] {
            assert_eq!(discreet(text), kept);
        }
    }
}
