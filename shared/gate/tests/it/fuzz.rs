//! Writing a statement otherwise never changes what is said of it.

use std::sync::LazyLock;

use pg_query::protobuf::Token;
use proptest::prelude::*;

use crate::{
    corpora::{Statement, corpus},
    gated,
};

static STATEMENTS: LazyLock<Vec<Statement>> =
    LazyLock::new(|| ["legit_sql.jsonl", "hostile_sql.jsonl"].into_iter().flat_map(corpus).collect());

/// The same statement in another hand: case, comments, white space, quotes and escapes, chosen by `dice`.
fn rewritten(sql: &str, dice: &[u8]) -> Option<String> {
    let tokens = pg_query::scan(sql).ok()?.tokens;
    let mut dice = dice.iter().copied().cycle();
    let mut written = String::new();
    for token in tokens {
        let text = sql.get(usize::try_from(token.start).ok()?..usize::try_from(token.end).ok()?)?;
        written.push_str(match dice.next()? % 6 {
            0 => " ",
            1 => "\n\t",
            2 => " /* '; DROP TABLE x; /* in */ -- */ ",
            3 => " -- it's\n",
            4 => "\u{c}\r\n",
            _ => " ",
        });
        if matches!(token.token(), Token::SqlComment | Token::CComment) {
            continue;
        }
        let plain = text.starts_with(|first: char| first.is_ascii_lowercase() || first == '_')
            && text
                .bytes()
                .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'_');
        let named = token.token() == Token::Ident && plain;
        let word = named || token.keyword_kind != 0 && text.is_ascii();
        match dice.next()? % 5 {
            0 if named => written.push_str(&format!("\"{text}\"")),
            1 if named => written.push_str(&format!("U&\"{}\"", escaped(text))),
            2 if word => written.push_str(&text.to_ascii_uppercase()),
            3 if word => written.extend(text.chars().enumerate().map(|(at, letter)| {
                if at % 2 == 0 { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() }
            })),
            _ => written.push_str(text),
        }
    }
    Some(written)
}

/// Every second letter by its number.
fn escaped(name: &str) -> String {
    let escape = |(at, letter): (usize, char)| {
        if at % 2 == 0 { format!("\\{:04x}", u32::from(letter)) } else { letter.to_string() }
    };
    name.chars().enumerate().map(escape).collect()
}

fn wrapped(sql: &str, how: u8) -> String {
    let sql = sql.trim_end_matches([';', ' ', '\n']);
    match how % 4 {
        0 => sql.to_owned(),
        1 => format!("SELECT * FROM ({sql}\n) AS wrapped"),
        2 => format!("WITH wrapped AS ({sql}\n) SELECT * FROM wrapped"),
        _ => format!("({sql}\n)"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, ..ProptestConfig::default() })]

    #[test]
    fn the_same_statement_in_another_hand_has_the_same_verdict(
        which in any::<prop::sample::Index>(), dice in prop::collection::vec(any::<u8>(), 1..40), how in any::<u8>(),
    ) {
        let Statement { id, sql, .. } = which.get(&STATEMENTS);
        let Some(written) = rewritten(sql, &dice) else { return Ok(()) };
        let written = wrapped(&written, how);
        // A text of comments may be too long to be looked at.
        prop_assume!(written.len() < gate::MAX_BYTES);
        prop_assert_eq!(gated(&written).is_ok(), gated(sql).is_ok(), "{}: {}", id, written);
        if let (0, Ok(checked)) = (how % 4, gated(&written)) {
            prop_assert_eq!(Ok(checked), gated(sql), "{}", id);
        }
    }

    #[test]
    fn what_was_accepted_is_accepted_again_as_it_is(
        which in any::<prop::sample::Index>(), cut in any::<prop::sample::Index>(), other in any::<prop::sample::Index>(),
    ) {
        // Halves of two statements: rarely one that parses, then an unusual one.
        let (first, second) = (&which.get(&STATEMENTS).sql, &other.get(&STATEMENTS).sql);
        let at = |text: &str, near: usize| (0..=near.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let (one, two) = (at(first, cut.index(first.len() + 1)), at(second, cut.index(second.len() + 1)));
        if let Ok(checked) = gated(&format!("{} {}", &first[..one], &second[two..])) {
            prop_assert_eq!(gated(checked.sql()), Ok(checked));
        }
    }
}
