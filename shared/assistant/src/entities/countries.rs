//! Countries and what people call them.

/// Code (ISO 3166-1), name, adjective, and the regions it lies in.
const COUNTRIES: &[(&str, &str, &str, &str)] = &[
    ("AT", "Austria", "Austrian", "europe eu dach"),
    ("BE", "Belgium", "Belgian", "europe eu benelux"),
    ("BG", "Bulgaria", "Bulgarian", "europe eu"),
    ("HR", "Croatia", "Croatian", "europe eu"),
    ("CY", "Cyprus", "Cypriot", "europe eu"),
    ("CZ", "Czech Republic", "Czech", "europe eu"),
    ("DK", "Denmark", "Danish", "europe eu scandinavia nordics"),
    ("EE", "Estonia", "Estonian", "europe eu baltics"),
    ("FI", "Finland", "Finnish", "europe eu nordics"),
    ("FR", "France", "French", "europe eu"),
    ("DE", "Germany", "German", "europe eu dach"),
    ("GR", "Greece", "Greek", "europe eu"),
    ("HU", "Hungary", "Hungarian", "europe eu"),
    ("IS", "Iceland", "Icelandic", "europe nordics"),
    ("IE", "Ireland", "Irish", "europe eu"),
    ("IT", "Italy", "Italian", "europe eu"),
    ("LV", "Latvia", "Latvian", "europe eu baltics"),
    ("LT", "Lithuania", "Lithuanian", "europe eu baltics"),
    ("LU", "Luxembourg", "Luxembourgish", "europe eu benelux"),
    ("MT", "Malta", "Maltese", "europe eu"),
    ("NL", "Netherlands", "Dutch", "europe eu benelux"),
    ("NO", "Norway", "Norwegian", "europe scandinavia nordics"),
    ("PL", "Poland", "Polish", "europe eu"),
    ("PT", "Portugal", "Portuguese", "europe eu"),
    ("RO", "Romania", "Romanian", "europe eu"),
    ("RS", "Serbia", "Serbian", "europe"),
    ("SK", "Slovakia", "Slovak", "europe eu"),
    ("SI", "Slovenia", "Slovenian", "europe eu"),
    ("ES", "Spain", "Spanish", "europe eu"),
    ("SE", "Sweden", "Swedish", "europe eu scandinavia nordics"),
    ("CH", "Switzerland", "Swiss", "europe dach"),
    ("UA", "Ukraine", "Ukrainian", "europe"),
    ("GB", "United Kingdom", "British", "europe"),
    ("TR", "Turkey", "Turkish", ""),
    ("US", "United States", "American", "north_america"),
    ("CA", "Canada", "Canadian", "north_america"),
    ("MX", "Mexico", "Mexican", "north_america"),
    ("BR", "Brazil", "Brazilian", "south_america"),
    ("AR", "Argentina", "Argentinian", "south_america"),
    ("CL", "Chile", "Chilean", "south_america"),
    ("CO", "Colombia", "Colombian", "south_america"),
    ("AE", "United Arab Emirates", "Emirati", "middle_east asia"),
    ("SA", "Saudi Arabia", "Saudi", "middle_east asia"),
    ("QA", "Qatar", "Qatari", "middle_east asia"),
    ("KW", "Kuwait", "Kuwaiti", "middle_east asia"),
    ("IL", "Israel", "Israeli", "middle_east asia"),
    ("IN", "India", "Indian", "asia"),
    ("CN", "China", "Chinese", "asia"),
    ("JP", "Japan", "Japanese", "asia"),
    ("KR", "South Korea", "Korean", "asia"),
    ("HK", "Hong Kong", "", "asia"),
    ("TW", "Taiwan", "Taiwanese", "asia"),
    ("SG", "Singapore", "Singaporean", "asia"),
    ("TH", "Thailand", "Thai", "asia"),
    ("MY", "Malaysia", "Malaysian", "asia"),
    ("ID", "Indonesia", "Indonesian", "asia"),
    ("VN", "Vietnam", "Vietnamese", "asia"),
    ("PH", "Philippines", "Philippine", "asia"),
    ("AU", "Australia", "Australian", "oceania"),
    ("NZ", "New Zealand", "", "oceania"),
    ("ZA", "South Africa", "South African", "africa"),
    ("EG", "Egypt", "Egyptian", "africa"),
    ("MA", "Morocco", "Moroccan", "africa"),
    ("NG", "Nigeria", "Nigerian", "africa"),
    ("KE", "Kenya", "Kenyan", "africa"),
];

const OTHER_NAMES: &[(&str, &str)] = &[
    ("GB", "UK"),
    ("GB", "Great Britain"),
    ("GB", "Britain"),
    ("GB", "England"),
    ("US", "USA"),
    ("US", "America"),
    ("US", "U.S."),
    ("NL", "Holland"),
    ("NL", "the Netherlands"),
    ("CZ", "Czechia"),
    ("AE", "UAE"),
    ("AE", "Emirates"),
    ("KR", "Korea"),
    ("SA", "KSA"),
    ("TR", "Türkiye"),
];

const REGIONS: &[(&str, &[&str])] = &[
    ("europe", &["europe", "european"]),
    ("eu", &["eu", "european union"]),
    ("dach", &["dach"]),
    ("benelux", &["benelux"]),
    ("scandinavia", &["scandinavia", "scandinavian"]),
    ("nordics", &["nordics", "nordic countries", "nordic"]),
    ("baltics", &["baltics", "baltic states"]),
    ("north_america", &["north america"]),
    ("south_america", &["south america"]),
    ("middle_east", &["middle east"]),
    ("asia", &["asia", "asian"]),
    ("oceania", &["oceania"]),
    ("africa", &["africa", "african"]),
];

/// Every name with what it is called in answers and the values that rows have: codes, or what files print.
pub(super) fn names(booked: &[String]) -> Vec<(String, String, Vec<String>)> {
    let mut names = Vec::new();
    let values = |code: &str, name: &str| -> Vec<String> {
        let same = |value: &&String| value.eq_ignore_ascii_case(code) || value.eq_ignore_ascii_case(name);
        booked.iter().filter(same).cloned().chain([code.to_owned()]).collect()
    };
    for (code, name, adjective, _) in COUNTRIES {
        let others = OTHER_NAMES.iter().filter(|(known, _)| known == code).map(|(_, name)| *name);
        for said in [*code, *name, *adjective].into_iter().chain(others) {
            names.push((said.to_owned(), (*name).to_owned(), values(code, name)));
        }
    }
    for value in booked.iter().filter(|value| name_of(value).is_none()) {
        names.push((value.clone(), value.clone(), vec![value.clone()]));
    }
    for (region, said) in REGIONS {
        let inside =
            COUNTRIES.iter().filter(|(.., regions)| regions.split(' ').any(|known| known == *region));
        let all: Vec<String> = inside.flat_map(|(code, name, ..)| values(code, name)).collect();
        for name in *said {
            names.push(((*name).to_owned(), said[0].to_owned(), all.clone()));
        }
    }
    names
}

/// What a country is called whose code or name this is.
pub(super) fn name_of(value: &str) -> Option<&'static str> {
    let known = |(code, name, ..): &&(&str, &'static str, &str, &str)| {
        value.eq_ignore_ascii_case(code) || value.eq_ignore_ascii_case(name)
    };
    COUNTRIES.iter().find(known).map(|(_, name, ..)| *name)
}
