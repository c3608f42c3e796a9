//! A question as words.

mod spans;

use domain::spelling;
use rust_decimal::Decimal;

/// A word as it was written, and as it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) text: String,
    /// Lower case, without accents, a possessive `'s` or punctuation around it.
    pub(crate) word: String,
    /// Whether the asker put it between quotation marks: then it is a name.
    pub(crate) quoted: bool,
}

/// Longest question that is read, in words: nobody means anything by more.
const WORDS_MAX: usize = 80;

/// The words of a question.
pub(crate) fn tokens(question: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut quoted = false;
    let text: String = question
        .chars()
        .map(|c| match c {
            '’' | '‘' | '`' => '\'',
            '“' | '”' | '«' | '»' | '„' => '"',
            '–' | '—' | '−' => '-',
            c => c,
        })
        .collect();
    for part in text.split_inclusive('"') {
        for piece in part.trim_end_matches('"').split_whitespace() {
            for piece in pieces(piece) {
                push(&mut tokens, &piece, quoted);
            }
        }
        if part.ends_with('"') {
            quoted = !quoted;
        }
    }
    let mut tokens = spans::taken_apart(tokens);
    tokens.truncate(WORDS_MAX);
    tokens
}

/// Words joined by hyphens and slashes are words; codes and dates are not taken apart.
fn pieces(piece: &str) -> Vec<String> {
    if piece == "-" {
        return vec!["to".to_owned()];
    }
    let spread = piece
        .replace('€', " eur ")
        .replace('%', " percent ")
        .replace('×', " by ")
        .replace(['(', ')', '[', ']'], " ");
    let mut pieces = Vec::new();
    for part in spread.split_whitespace() {
        let plain = |text: &str| {
            text.chars()
                .all(|c| c.is_alphabetic() || matches!(c, '-' | '/' | '+' | '.' | ',' | '?' | '!' | '\''))
        };
        let lower = part.to_lowercase();
        let lower = lower.trim_end_matches(['?', '!', '.', ',']);
        if matches!(lower, "sell-in" | "sell-through") {
            // `sell` and `in` apart are a verb and its place.
            pieces.push(lower.replace('-', ""));
        } else if let Some((first, last)) = spans::ends(lower) {
            pieces.extend([first.to_owned(), "to".to_owned(), last.to_owned()]);
        } else if let Some((word, year)) = spans::short_year(part) {
            pieces.extend((!word.is_empty()).then(|| word.to_owned()).into_iter().chain([year]));
        } else if plain(part) && !matches!(lower, "n/a" | "w/c" | "w/o") {
            pieces.extend(part.split(['-', '/', '+']).filter(|word| !word.is_empty()).map(str::to_owned));
        } else {
            pieces.push(part.to_owned());
        }
    }
    pieces
}

fn push(tokens: &mut Vec<Token>, piece: &str, quoted: bool) {
    let text =
        piece.trim_matches(|c: char| matches!(c, '?' | '!' | '.' | ',' | ';' | ':' | '\'' | '"' | '&' | '='));
    if text.is_empty() {
        if matches!(piece, "&") {
            tokens.push(Token { text: piece.to_owned(), word: "and".to_owned(), quoted });
        }
        return;
    }
    let mut word = spelling::plain(text);
    if let "whats" | "hows" | "whos" | "wheres" | "whens" = word.as_str() {
        word.truncate(word.len() - 1);
        tokens.push(Token { text: text.to_owned(), word, quoted });
        tokens.push(Token { text: text.to_owned(), word: "is".to_owned(), quoted });
        return;
    }
    if let Some(owner) = word.strip_suffix("'s") {
        let contraction =
            matches!(owner, "what" | "who" | "how" | "which" | "where" | "that" | "it" | "let" | "when");
        word = owner.to_owned();
        tokens.push(Token { text: text.to_owned(), word, quoted });
        if contraction {
            tokens.push(Token { text: text.to_owned(), word: "is".to_owned(), quoted });
        }
        return;
    }
    if let Some(negated) = word.strip_suffix("n't") {
        word = negated.to_owned();
        tokens.push(Token { text: text.to_owned(), word, quoted });
        tokens.push(Token { text: text.to_owned(), word: "not".to_owned(), quoted });
        return;
    }
    word.retain(|c| c != '\'');
    tokens.push(Token { text: text.to_owned(), word, quoted });
}

/// A whole number in digits or as a word.
pub(crate) fn count(word: &str) -> Option<u32> {
    const WORDS: [&str; 13] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ];
    let named = WORDS.iter().position(|known| *known == word).and_then(|place| u32::try_from(place).ok());
    let named = named.or(match word {
        "fifteen" => Some(15),
        "twenty" => Some(20),
        "fifty" => Some(50),
        "hundred" => Some(100),
        _ => None,
    });
    named.or_else(|| word.parse().ok().filter(|_| word.bytes().all(|byte| byte.is_ascii_digit())))
}

/// An amount as people write it: `1,000`, `10k`, `1.5m`, `250.00`.
pub(crate) fn amount(word: &str) -> Option<Decimal> {
    let (digits, scale) = match word.strip_suffix('k') {
        Some(digits) => (digits, 1_000),
        None => word.strip_suffix('m').map_or((word, 1), |digits| (digits, 1_000_000)),
    };
    let grouped =
        digits.split(',').skip(1).all(|group| group.split('.').next().is_some_and(|group| group.len() == 3));
    // `40.000` is forty in one country and forty thousand in another.
    let thousands = digits.split_once('.').is_some_and(|(whole, rest)| rest.len() == 3 && whole != "0");
    if thousands && scale == 1 && !digits.contains(',')
        || !grouped
        || digits.is_empty()
        || !digits.starts_with(|c: char| c.is_ascii_digit())
    {
        return None;
    }
    let number: Decimal = digits.replace(',', "").parse().ok()?;
    Some(number * Decimal::from(scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lose_what_surrounds_them_and_codes_stay_whole() {
        let words = |text: &str| tokens(text).into_iter().map(|token| token.word).collect::<Vec<_>>();
        assert_eq!(
            words("What's Galilu's month-over-month growth?"),
            ["what", "is", "galilu", "month", "over", "month", "growth"]
        );
        assert_eq!(words("above €1,000 in 2025-03"), ["above", "eur", "1,000", "in", "2025-03"]);
        assert_eq!(words("which didn't sell (online)"), ["which", "did", "not", "sell", "online"]);
        assert!(tokens("\"Best Of\" sales")[1].quoted && !tokens("\"Best Of\" sales")[2].quoted);
    }

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (word, value) in [("1,000", "1000"), ("10k", "10000"), ("1.5m", "1500000"), ("250.00", "250.00")]
        {
            assert_eq!(
                amount(word).unwrap().to_string().trim_end_matches(".0"),
                value.trim_end_matches(".0"),
                "{word}"
            );
        }
        for word in ["q3", "1,00", "march", "k", "40.000"] {
            assert_eq!(amount(word), None, "{word}");
        }
    }
}
