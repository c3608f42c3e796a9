use super::*;

fn read(text: &str) -> Option<(String, String)> {
    let calendar = Calendar { today: "2025-11-21".parse().unwrap(), fiscal_year_begins: 4 };
    let words: Vec<&str> = text.split(' ').collect();
    let (len, when) = calendar.read(&words)?;
    assert_eq!(len, words.len(), "{text}");
    let days = match when {
        When::Days(days) | When::Range { days, .. } => days,
        When::Before | When::YearBefore => return Some(("-".to_owned(), "-".to_owned())),
        When::Either(one, other) => return Some((one.label, other.label)),
    };
    let day = |day: Option<NaiveDate>| day.map_or(String::new(), |day| day.to_string());
    Some((day(days.from), day(days.to)))
}

#[test]
fn days_are_read_as_people_name_them() {
    for (text, from, to) in [
        ("today", "2025-11-21", "2025-11-21"),
        ("yesterday", "2025-11-20", "2025-11-20"),
        ("this month", "2025-11-01", "2025-11-30"),
        ("last month", "2025-10-01", "2025-10-31"),
        ("the last quarter", "2025-07-01", "2025-09-30"),
        ("last year", "2024-01-01", "2024-12-31"),
        ("last week", "2025-11-10", "2025-11-16"),
        ("the last 6 months", "2025-05-01", "2025-10-31"),
        ("last 7 days", "2025-11-15", "2025-11-21"),
        ("past two years", "2023-01-01", "2024-12-31"),
        ("two months ago", "2025-09-01", "2025-09-30"),
        ("ytd", "2025-01-01", "2025-11-21"),
        ("year to date", "2025-01-01", "2025-11-21"),
        ("march 2024", "2024-03-01", "2024-03-31"),
        ("march", "2025-03-01", "2025-03-31"),
        ("december", "2024-12-01", "2024-12-31"),
        ("march last year", "2024-03-01", "2024-03-31"),
        ("14 march 2025", "2025-03-14", "2025-03-14"),
        ("march 14 2025", "2025-03-14", "2025-03-14"),
        ("2025-03", "2025-03-01", "2025-03-31"),
        ("2025-03-14", "2025-03-14", "2025-03-14"),
        ("14/03/2025", "2025-03-14", "2025-03-14"),
        ("q3 2025", "2025-07-01", "2025-09-30"),
        ("q4", "2025-10-01", "2025-12-31"),
        ("third quarter of 2024", "2024-07-01", "2024-09-30"),
        ("2024q2", "2024-04-01", "2024-06-30"),
        ("first half of 2025", "2025-01-01", "2025-06-30"),
        ("spring", "2025-03-01", "2025-05-31"),
        ("winter 2024", "2024-12-01", "2025-02-28"),
        ("last summer", "2025-06-01", "2025-08-31"),
        ("week 12 of 2025", "2025-03-17", "2025-03-23"),
        ("2024", "2024-01-01", "2024-12-31"),
        ("fy25", "2024-04-01", "2025-03-31"),
        ("this fiscal year", "2025-04-01", "2026-03-31"),
        ("since march", "2025-03-01", "2025-11-21"),
        ("before 2025", "", "2024-12-31"),
        ("until may 2025", "", "2025-05-31"),
        ("january to march 2025", "2025-01-01", "2025-03-31"),
        ("from january to march", "2025-01-01", "2025-03-31"),
        ("between march and may 2024", "2024-03-01", "2024-05-31"),
        ("november to february 2025", "2024-11-01", "2025-02-28"),
        ("next quarter", "2026-01-01", "2026-03-31"),
        ("same period last year", "-", "-"),
    ] {
        assert_eq!(read(text), Some((from.to_owned(), to.to_owned())), "{text}");
    }
}

#[test]
fn what_is_no_time_or_has_two_readings_is_not_read() {
    for text in ["03/04/2025", "liberty", "100", "q5", "20255", "the"] {
        assert_eq!(read(text), None, "{text}");
    }
}

#[test]
fn days_are_read_as_people_in_sales_write_them() {
    for (text, from, to) in [
        ("calendar 2024", "2024-01-01", "2024-12-31"),
        ("calendar year 2024", "2024-01-01", "2024-12-31"),
        ("fiscal 2025", "2024-04-01", "2025-03-31"),
        ("fy 24/25", "2024-04-01", "2025-03-31"),
        ("fytd", "2025-04-01", "2025-11-21"),
        ("q1 fy25", "2024-04-01", "2024-06-30"),
        ("ytd 2024", "2024-01-01", "2024-11-21"),
        ("last year ytd", "2024-01-01", "2024-11-21"),
        ("l4w", "2025-10-20", "2025-11-16"),
        ("last 12m", "2024-11-01", "2025-10-31"),
        ("ltm", "2024-11-01", "2025-10-31"),
        ("rolling 12 months", "2024-11-01", "2025-10-31"),
        ("ly", "2024-01-01", "2024-12-31"),
        ("month before last", "2025-09-01", "2025-09-30"),
        ("last year q4", "2024-10-01", "2024-12-31"),
        ("2024 march", "2024-03-01", "2024-03-31"),
        ("q4 24", "2024-10-01", "2024-12-31"),
        ("mar-25", "2025-03-01", "2025-03-31"),
        ("14-mar-2025", "2025-03-14", "2025-03-14"),
        ("weeks 10 to 13", "2025-03-03", "2025-03-30"),
        ("weeks 50 to 2 2025", "2024-12-09", "2025-01-12"),
        ("2025-w12", "2025-03-17", "2025-03-23"),
        ("w/c 3 march", "2025-03-03", "2025-03-09"),
        ("week commencing 10 november", "2025-11-10", "2025-11-16"),
        ("the week of 5 march 2025", "2025-03-03", "2025-03-09"),
        ("week ending 16 november", "2025-11-10", "2025-11-16"),
        ("three months to the end of may", "2025-03-01", "2025-05-31"),
        ("12 months to september 2025", "2024-10-01", "2025-09-30"),
        ("the year to may", "2024-06-01", "2025-05-31"),
        ("first 3 months of 2025", "2025-01-01", "2025-03-31"),
        ("last 10 days of october", "2025-10-22", "2025-10-31"),
        ("3 to 9 november", "2025-11-03", "2025-11-09"),
        ("between 3 and 9 november 2025", "2025-11-03", "2025-11-09"),
        ("01/10/2025 to 15/10/2025", "2025-10-01", "2025-10-15"),
        ("10/01/2025 to 10/15/2025", "2025-10-01", "2025-10-15"),
        ("same week last year", "-", "-"),
    ] {
        assert_eq!(read(text), Some((from.to_owned(), to.to_owned())), "{text}");
    }
}

#[test]
fn a_month_with_two_digits_is_a_day_or_a_year() {
    assert_eq!(read("oct 25"), Some(("October 2025".to_owned(), "2025-10-25".to_owned())));
    assert_eq!(read("october 14"), Some(("2025-10-14".to_owned(), "2025-10-14".to_owned())));
}

#[test]
fn a_part_of_another_time_is_not_taken_for_the_whole_of_it() {
    let calendar = Calendar { today: "2025-11-21".parse().unwrap(), fiscal_year_begins: 4 };
    for text in ["last week of september 2025", "first half of march", "first week of october"] {
        let words: Vec<&str> = text.split(' ').collect();
        assert_eq!(calendar.read(&words), None, "{text}");
    }
}
