//! What a retailer is asked for a late file with, in its own language, until somebody puts it otherwise.

use chrono::{Datelike as _, NaiveDate};
use domain::{Period, ReportLocale, visible_line};

use crate::view::shorten;

/// What a reminder is about.
#[derive(Debug, Clone, Copy)]
pub struct Reminder<'a> {
    pub language: ReportLocale,
    /// In whose name it is sent.
    pub organization: &'a str,
    /// Who is asked; `None`: nobody in particular.
    pub contact: Option<&'a str>,
    /// Whose figures they are, as the organisation calls it.
    pub vendor: &'a str,
    pub days: Period,
    /// By when it usually comes.
    pub due_on: NaiveDate,
}

/// A subject, and a body in which a blank line begins a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub subject: String,
    pub body: String,
}

/// Longest name in a subject or greeting.
const MOST_NAME_CHARS: usize = 80;

impl Reminder<'_> {
    /// The words of the language.
    #[must_use]
    pub fn draft(&self) -> Draft {
        let name = |text: &str| shorten(&visible_line(text), MOST_NAME_CHARS);
        let (organization, vendor) = (name(self.organization), name(self.vendor));
        let (days, due_on) = (self.days_in_words(), self.day(self.due_on));
        let who = self.contact.map(name).filter(|name| !name.is_empty());
        let (subject, greeting, lines) = match self.language {
            ReportLocale::English => (
                format!("Sales figures {vendor}: {days}"),
                who.map_or("Hello,".to_owned(), |who| format!("Dear {who},")),
                [
                    format!("We have not received the sales figures of {vendor} yet: {days}. They usually reach us by {due_on}."),
                    "Could you send us the file, or tell us when we can expect it? If it is on its way already, please take no notice of this mail.".to_owned(),
                    "Kind regards".to_owned(),
                ],
            ),
            ReportLocale::German => (
                format!("Abverkaufszahlen {vendor}: {days}"),
                who.map_or("Guten Tag,".to_owned(), |who| format!("Guten Tag {who},")),
                [
                    format!("die Abverkaufszahlen von {vendor} liegen uns noch nicht vor: {days}. Üblicherweise erreichen sie uns bis zum {due_on}."),
                    "Könnten Sie uns die Datei schicken oder sagen, wann wir damit rechnen können? Sollte sie schon unterwegs sein, betrachten Sie diese Nachricht bitte als gegenstandslos.".to_owned(),
                    "Freundliche Grüße".to_owned(),
                ],
            ),
            ReportLocale::French => (
                format!("Chiffres de vente {vendor} : {days}"),
                who.map_or("Bonjour,".to_owned(), |who| format!("Bonjour {who},")),
                [
                    format!("Nous n'avons pas encore reçu les chiffres de vente de {vendor} : {days}. Ils nous parviennent d'habitude avant le {due_on}."),
                    "Pourriez-vous nous envoyer le fichier, ou nous dire quand nous pouvons l'attendre ? S'il est déjà en route, merci de ne pas tenir compte de ce message.".to_owned(),
                    "Cordialement".to_owned(),
                ],
            ),
            ReportLocale::Spanish => (
                format!("Cifras de ventas {vendor}: {days}"),
                who.map_or("Buenos días:".to_owned(), |who| format!("Buenos días, {who}:")),
                [
                    format!("Todavía no hemos recibido las cifras de ventas de {vendor}: {days}. Suelen llegarnos antes del {due_on}."),
                    "¿Podrían enviarnos el archivo o decirnos cuándo podemos esperarlo? Si ya está en camino, no tengan en cuenta este mensaje.".to_owned(),
                    "Un cordial saludo".to_owned(),
                ],
            ),
            ReportLocale::Polish => (
                format!("Dane sprzedaży {vendor}: {days}"),
                who.map_or("Dzień dobry,".to_owned(), |who| format!("Dzień dobry, {who},")),
                [
                    format!("nie otrzymaliśmy jeszcze danych sprzedaży {vendor}: {days}. Zwykle docierają do nas do {due_on}."),
                    "Czy mogą Państwo przesłać plik albo podać, kiedy możemy się go spodziewać? Jeśli jest już w drodze, prosimy zignorować tę wiadomość.".to_owned(),
                    "Z poważaniem".to_owned(),
                ],
            ),
        };
        let body = format!("{greeting}\n\n{}\n{organization}", lines.join("\n\n"));
        Draft { subject, body }
    }

    /// A month by its name, other days by both ends.
    fn days_in_words(&self) -> String {
        let (start, end) = (self.days.start(), self.days.end());
        if Period::month(start.year(), start.month()) == Some(self.days) {
            let month = months(self.language)[start.month0() as usize];
            let of = if self.language == ReportLocale::Spanish { "de " } else { "" };
            return format!("{month} {of}{}", start.year());
        }
        if start == end { self.day(start) } else { format!("{} – {}", self.day(start), self.day(end)) }
    }

    fn day(&self, day: NaiveDate) -> String {
        let format = match self.language {
            ReportLocale::English => "%Y-%m-%d",
            ReportLocale::German | ReportLocale::Polish => "%d.%m.%Y",
            ReportLocale::French | ReportLocale::Spanish => "%d/%m/%Y",
        };
        day.format(format).to_string()
    }
}

#[rustfmt::skip]
fn months(language: ReportLocale) -> [&'static str; 12] {
    match language {
        ReportLocale::English => ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November", "December"],
        ReportLocale::German => ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
            "November", "Dezember"],
        ReportLocale::French => ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
            "novembre", "décembre"],
        ReportLocale::Spanish => ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
            "noviembre", "diciembre"],
        ReportLocale::Polish => ["styczeń", "luty", "marzec", "kwiecień", "maj", "czerwiec", "lipiec", "sierpień", "wrzesień",
            "październik", "listopad", "grudzień"],
    }
}

/// What stands below every reminder: in whose name it came, and how it ends.
pub(crate) fn footer(language: ReportLocale, organization: &str) -> (String, &'static str) {
    match language {
        ReportLocale::English => {
            (format!("Sent with Shelfline on behalf of {organization}."), "No more reminders of this kind")
        }
        ReportLocale::German => (
            format!("Mit Shelfline im Auftrag von {organization} versandt."),
            "Keine solchen Erinnerungen mehr",
        ),
        ReportLocale::French => {
            (format!("Envoyé avec Shelfline au nom de {organization}."), "Ne plus recevoir de tels rappels")
        }
        ReportLocale::Spanish => (
            format!("Enviado con Shelfline en nombre de {organization}."),
            "No recibir más recordatorios así",
        ),
        ReportLocale::Polish => (
            format!("Wysłano przez Shelfline w imieniu {organization}."),
            "Nie chcę więcej takich przypomnień",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LANGUAGES: [ReportLocale; 5] = [
        ReportLocale::English,
        ReportLocale::German,
        ReportLocale::French,
        ReportLocale::Spanish,
        ReportLocale::Polish,
    ];

    fn reminder(language: ReportLocale, days: &str) -> Reminder<'static> {
        Reminder {
            language,
            organization: "Maison Exemple",
            contact: Some("Jan Kowalski"),
            vendor: "Galilu",
            days: days.parse().unwrap(),
            due_on: "2026-02-12".parse().unwrap(),
        }
    }

    #[test]
    fn every_language_names_the_days_the_vendor_and_the_brand() {
        let all = LANGUAGES.map(|language| {
            let draft = reminder(language, "2026-01").draft();
            format!("{}\n\n{}", draft.subject, draft.body)
        });
        insta::assert_snapshot!(all.join("\n\n---\n\n"));
    }

    #[test]
    fn days_that_are_no_month_are_written_as_the_language_does() {
        let subjects = LANGUAGES.map(|language| reminder(language, "2026-01-04/2026-01-10").draft().subject);
        assert_eq!(
            subjects,
            [
                "Sales figures Galilu: 2026-01-04 – 2026-01-10",
                "Abverkaufszahlen Galilu: 04.01.2026 – 10.01.2026",
                "Chiffres de vente Galilu : 04/01/2026 – 10/01/2026",
                "Cifras de ventas Galilu: 04/01/2026 – 10/01/2026",
                "Dane sprzedaży Galilu: 04.01.2026 – 10.01.2026",
            ]
        );
    }

    #[test]
    fn names_stay_on_their_line_and_have_a_bounded_length() {
        let long = "x".repeat(300);
        let hostile = Reminder {
            contact: Some("Jan\r\nBcc: all@evil.example"),
            vendor: &long,
            ..reminder(ReportLocale::English, "2026-01-04")
        };
        let draft = hostile.draft();
        assert!(!draft.subject.contains(['\r', '\n']) && draft.subject.chars().count() <= 200);
        assert!(draft.body.starts_with("Dear Jan") && !draft.body.contains('\r'));
        assert_eq!(draft.body.lines().next().unwrap().matches("Bcc").count(), 1, "{}", draft.body);
    }
}
