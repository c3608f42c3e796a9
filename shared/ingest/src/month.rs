//! Names of months in the languages that senders write, in full, inflected or shortened.

use std::{collections::HashMap, sync::LazyLock};

/// Names that are only understood in full, because their beginnings are words of other languages: Czech (nominative and
/// genitive), Turkish, Russian, Swedish, Danish, Finnish, Hungarian, Romanian.
const IN_FULL: [&[&str]; 12] = [
    &["leden", "ledna", "ocak", "январь", "января", "tammikuu", "januar", "ianuarie"],
    &["unor", "unora", "subat", "şubat", "февраль", "февраля", "helmikuu", "februarie"],
    &["brezen", "brezna", "mart", "март", "марта", "maaliskuu", "marcius", "martie", "marts"],
    &["duben", "dubna", "nisan", "апрель", "апреля", "huhtikuu", "aprilis", "aprilie"],
    &["kveten", "kvetna", "mayis", "mayıs", "май", "мая", "toukokuu", "majus"],
    &["cerven", "cervna", "haziran", "июнь", "июня", "kesakuu", "junius", "iunie"],
    &["cervenec", "cervence", "temmuz", "июль", "июля", "heinakuu", "julius", "iulie"],
    &["srpen", "srpna", "agustos", "ağustos", "август", "августа", "elokuu", "augusztus", "augusti"],
    &["zari", "eylul", "сентябрь", "сентября", "syyskuu", "szeptember", "septembrie"],
    &["rijen", "rijna", "ekim", "октябрь", "октября", "lokakuu", "oktober", "octombrie"],
    &["listopad", "listopadu", "kasim", "kasım", "ноябрь", "ноября", "marraskuu", "noiembrie"],
    &["prosinec", "prosince", "aralik", "aralık", "декабрь", "декабря", "joulukuu", "decembrie"],
];

/// Names by month, without accents: English, German, French, Spanish, Italian, Portuguese, Dutch, Polish (nominative
/// and genitive), Ukrainian (nominative and genitive).
const NAMES: [&[&str]; 12] = [
    &[
        "january",
        "januar",
        "janner",
        "janvier",
        "enero",
        "gennaio",
        "janeiro",
        "januari",
        "styczen",
        "stycznia",
        "січень",
        "січня",
    ],
    &[
        "february",
        "februar",
        "fevrier",
        "febrero",
        "febbraio",
        "fevereiro",
        "februari",
        "luty",
        "lutego",
        "лютий",
        "лютого",
    ],
    &[
        "march",
        "marz",
        "maerz",
        "mrz",
        "mars",
        "marzo",
        "marco",
        "maart",
        "marzec",
        "marca",
        "березень",
        "березня",
    ],
    &["april", "avril", "abril", "aprile", "kwiecien", "kwietnia", "квітень", "квітня"],
    &["may", "mai", "mayo", "maggio", "maio", "mei", "maj", "maja", "травень", "травня"],
    &["june", "juni", "juin", "junio", "giugno", "junho", "czerwiec", "czerwca", "червень", "червня"],
    &["july", "juli", "juillet", "julio", "luglio", "julho", "lipiec", "lipca", "липень", "липня"],
    &["august", "aout", "agosto", "augustus", "sierpien", "sierpnia", "серпень", "серпня"],
    &[
        "september",
        "septembre",
        "septiembre",
        "setiembre",
        "settembre",
        "setembro",
        "wrzesien",
        "wrzesnia",
        "вересень",
        "вересня",
    ],
    &[
        "october",
        "oktober",
        "octobre",
        "octubre",
        "ottobre",
        "outubro",
        "pazdziernik",
        "pazdziernika",
        "жовтень",
        "жовтня",
    ],
    &["november", "novembre", "noviembre", "novembro", "listopad", "listopada", "листопад", "листопада"],
    &[
        "december",
        "dezember",
        "decembre",
        "diciembre",
        "dicembre",
        "dezembro",
        "grudzien",
        "grudnia",
        "грудень",
        "грудня",
    ],
];

/// Longer words are no names of months.
const LONGEST_BYTES: usize = 2 * "pazdziernika".len();

/// Every name and every beginning of one with its month; `None` for a beginning that two months share.
static MONTHS: LazyLock<HashMap<String, Option<u32>>> = LazyLock::new(|| {
    /// Fewer letters are no abbreviation.
    const SHORTEST: usize = 3;
    /// A set is a product and a sell-out a report: neither is short for September or October in Portuguese.
    const NO_MONTHS: [&str; 2] = ["set", "out"];
    let mut months: HashMap<String, Option<u32>> = HashMap::new();
    let mut learn = |word: &str, month: u32| {
        let known = months.entry(word.to_owned()).or_insert(Some(month));
        *known = known.filter(|other| *other == month);
    };
    for (month, names) in (1..).zip(NAMES) {
        for name in names {
            let ends = name.char_indices().map(|(end, _)| end).skip(SHORTEST);
            ends.filter_map(|end| name.get(..end))
                .filter(|short| !NO_MONTHS.contains(short))
                .for_each(|short| learn(short, month));
        }
    }
    // A whole name counts, whatever else begins like it: first those of most languages, then those known in full only.
    for all in [NAMES, IN_FULL] {
        for (month, names) in (1..).zip(all) {
            months.extend(names.iter().map(|name| ((*name).to_owned(), Some(month))));
        }
    }
    months
});

/// Month of a name or of its beginning, three letters at least: `Sept`, `березня`, `kwi`, `août`. A beginning that two
/// months share is none.
pub(crate) fn by_name(word: &str) -> Option<u32> {
    // Most words that are asked for are no months: they are too long, or more than letters.
    if word.len() > LONGEST_BYTES || !word.chars().all(char::is_alphabetic) {
        return None;
    }
    let word: String = word.chars().flat_map(char::to_lowercase).map(without_accent).collect();
    MONTHS.get(&word).copied().flatten()
}

fn without_accent(c: char) -> char {
    match c {
        'à' | 'á' | 'â' | 'ä' | 'ã' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è' | 'é' | 'ê' | 'ë' | 'ě' => 'e',
        'í' | 'î' => 'i',
        'ń' | 'ñ' => 'n',
        'ó' | 'ô' | 'ö' => 'o',
        'ř' => 'r',
        'ś' => 's',
        'ú' | 'û' | 'ü' | 'ů' => 'u',
        'ź' | 'ż' => 'z',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_known_in_all_languages_of_the_senders() {
        for (words, month) in [
            (&["January", "jan", "Jänner", "stycznia", "СІЧНЯ", "janv", "ene"][..], 1),
            (&["luty", "lut", "лютого", "févr", "Feb"], 2),
            (&["March", "mar", "März", "mrz", "marca", "березня", "бер", "marzo"], 3),
            (&["kwietnia", "kwi", "avr", "abr", "квітень"], 4),
            (&["may", "mai", "maja", "травня"], 5),
            (&["june", "juin", "cze", "червень", "Juni"], 6),
            (&["juillet", "juil", "lipca", "липня", "Jul"], 7),
            (&["août", "sie", "серпня", "ago"], 8),
            (&["Sept", "sep", "września", "вересень"], 9),
            (&["paź", "Oktober", "жовтня"], 10),
            (&["listopada", "листопад", "nov"], 11),
            (&["déc", "dez", "grudnia", "грудень", "dic"], 12),
        ] {
            for word in words {
                assert_eq!(by_name(word), Some(month), "{word}");
            }
        }
    }

    #[test]
    fn words_that_only_sound_like_months_are_none() {
        for word in ["market", "mayor", "set", "out", "zar", "ma", "jui", "ju", "janet", "total", "декор", ""]
        {
            assert_eq!(by_name(word), None, "{word}");
        }
    }
}
