//! Words without the accidents of their spelling.

/// Lower case without accents: `Łódź` is `lodz`.
#[must_use]
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ą' | 'ă' => plain.push('a'),
            'ç' | 'ć' | 'č' => plain.push('c'),
            'ď' => plain.push('d'),
            'è' | 'é' | 'ê' | 'ë' | 'ę' | 'ě' => plain.push('e'),
            'ì' | 'í' | 'î' | 'ï' => plain.push('i'),
            'ł' => plain.push('l'),
            'ñ' | 'ń' | 'ň' => plain.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ő' => plain.push('o'),
            'ř' => plain.push('r'),
            'ś' | 'š' | 'ş' => plain.push('s'),
            'ť' => plain.push('t'),
            'ù' | 'ú' | 'û' | 'ü' | 'ů' | 'ű' => plain.push('u'),
            'ý' | 'ÿ' => plain.push('y'),
            'ź' | 'ż' | 'ž' => plain.push('z'),
            'ß' => plain.push_str("ss"),
            'æ' => plain.push_str("ae"),
            'œ' => plain.push_str("oe"),
            // Combining accents stand behind their letter.
            '\u{300}'..='\u{36f}' => {}
            other => plain.push(other),
        }
    }
    plain
}

/// Runs of letters and runs of digits (with a decimal point inside): `6x2ml` is `6`, `x`, `2`, `ml`.
#[must_use]
pub fn pieces(plain: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut before = ' ';
    let mut rest = plain.chars().peekable();
    while let Some(c) = rest.next() {
        let next_digit = rest.peek().is_some_and(char::is_ascii_digit);
        let point = matches!(c, '.' | ',') && before.is_ascii_digit() && next_digit;
        if point || c.is_alphanumeric() {
            let goes_on =
                point || (before == '.' || before.is_ascii_digit() == c.is_ascii_digit()) && before != ' ';
            match pieces.last_mut() {
                Some(piece) if goes_on => piece.push(if point { '.' } else { c }),
                _ => pieces.push(c.to_string()),
            }
            before = if point { '.' } else { c };
        } else {
            before = ' ';
        }
    }
    pieces
}

/// How many letters must be put in, taken out, replaced or swapped with their neighbour; `None` beyond `most`.
#[must_use]
pub fn distance(a: &str, b: &str, most: usize) -> Option<usize> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, to) in b.iter().enumerate() {
            let replaced = last[j] + usize::from(from != to);
            let mut cost = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *from == b[j - 1] && a[i - 1] == *to {
                cost = cost.min(before[j - 1] + 1);
            }
            row.push(cost);
        }
        if row.iter().all(|cost| *cost > most) {
            return None;
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().filter(|cost| *cost <= most)
}

/// Typing slips that a word of this length may have.
#[must_use]
pub fn slips(word: &str) -> usize {
    match word.chars().count() {
        0..4 => 0,
        4..8 => 1,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lose_the_accidents_of_their_spelling() {
        assert_eq!(plain("Łódź ŚWIECA Müller"), "lodz swieca muller");
        assert_eq!(pieces("6x2ml no.5 3.4oz"), ["6", "x", "2", "ml", "no", "5", "3.4", "oz"]);
        assert_eq!(distance("velvet", "vlevet", 1), Some(1));
        assert_eq!(distance("velvet", "velvets", 2), Some(1));
        assert_eq!(distance("piano", "parade", 2), None);
    }
}
