//! The golden set: questions whose answers independent SQL knows.

use std::fmt::Write as _;

use assistant::Cell;
use rust_decimal::{Decimal, RoundingStrategy};
use sqlx::{AssertSqlSafe, Column as _, Row as _, TypeInfo as _, postgres::PgRow};

use super::Books;
use crate::ask::{Status, View};

/// Of those that are answered, right; of those that have an answer, answered. In percent.
const RIGHT_MIN: usize = 95;
const ANSWERED_MIN: usize = 85;

/// What should come of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Truth {
    Rows {
        sql: String,
        ranked: bool,
    },
    /// Asked back or refused.
    Open,
}

#[derive(Debug, Clone)]
struct Turn {
    question: String,
    goes_on: bool,
    truth: Truth,
}

#[derive(Debug, Default)]
struct Score {
    asked: usize,
    answered: usize,
    right: usize,
    open: usize,
    open_right: usize,
    report: String,
}

fn turns(text: &str) -> Vec<Turn> {
    let mut turns = Vec::new();
    let mut said: Option<(String, bool)> = None;
    for line in text.lines() {
        let rest = |mark: &str| line.strip_prefix(mark).map(|rest| rest.trim().to_owned());
        if let Some(question) = rest("?") {
            said = Some((question, false));
        } else if let Some(question) = rest("+") {
            said = Some((question, true));
        } else if line.starts_with(['=', '~']) {
            let (question, goes_on) = said.take().unwrap_or_else(|| panic!("no question before {line}"));
            let truth = match (rest("=!"), rest("=")) {
                (Some(sql), _) => Truth::Rows { sql, ranked: true },
                (None, Some(sql)) => Truth::Rows { sql, ranked: false },
                (None, None) if line.trim() == "~" => Truth::Open,
                (None, None) => continue,
            };
            turns.push(Turn { question, goes_on, truth });
        }
    }
    turns
}

/// Asks every turn and compares.
async fn grade(books: &Books, turns: &[Turn]) -> Score {
    let mut score = Score::default();
    let mut conversation = None;
    for turn in turns {
        if !turn.goes_on {
            conversation = None;
        }
        let view = books.ask(&turn.question, conversation).await;
        conversation = Some(view.conversation_id);
        let answered = view.status == Status::Answered;
        match &turn.truth {
            Truth::Open => {
                score.open += 1;
                score.open_right += usize::from(!answered);
                if answered {
                    writeln!(score.report, "ANSWERED  {}\n          {}", turn.question, view.answer).unwrap();
                }
            }
            Truth::Rows { sql, ranked } => {
                score.asked += 1;
                if !answered {
                    writeln!(
                        score.report,
                        "ASKED     {}\n          {:?} {}",
                        turn.question, view.status, view.answer
                    )
                    .unwrap();
                    continue;
                }
                score.answered += 1;
                let truth = truth(books, sql).await;
                if same(&truth, &cells(&view), *ranked) {
                    score.right += 1;
                } else {
                    let shown = &truth[..truth.len().min(4)];
                    writeln!(
                        score.report,
                        "WRONG     {}\n          {}\n          {} rows, truth {}: {shown:?}",
                        turn.question,
                        view.answer,
                        view.rows.len(),
                        truth.len()
                    )
                    .unwrap();
                }
            }
        }
    }
    score
}

/// The rows of independent SQL, as texts.
async fn truth(books: &Books, sql: &str) -> Vec<Vec<String>> {
    let sql = ["S", "E", "O"].into_iter().zip(["sales", "sellout_entries", "ecommerce_orders"]).fold(
        format!(" {sql} "),
        |sql, (letter, view)| {
            let sql =
                sql.replace(&format!(" FROM {letter} "), &format!(" FROM reporting.{view} AS {letter} "));
            let sql =
                sql.replace(&format!(" FROM {letter})"), &format!(" FROM reporting.{view} AS {letter})"));
            sql.replace(&format!("({letter}."), &format!("(reporting.{view}."))
        },
    );
    let mut reading = books.reader.read(&books.seeded.principal()).await.unwrap();
    let rows = sqlx::query(AssertSqlSafe(sql.clone()))
        .fetch_all(&mut *reading)
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
    rows.iter().map(|row| (0..row.len()).map(|place| text(row, place)).collect()).collect()
}

fn text(row: &PgRow, place: usize) -> String {
    let known = match row.column(place).type_info().name() {
        "NUMERIC" => row.get::<Option<Decimal>, _>(place).map(number),
        "INT8" => row.get::<Option<i64>, _>(place).map(|value| number(value.into())),
        "INT4" => row.get::<Option<i32>, _>(place).map(|value| number(value.into())),
        "DATE" => row.get::<Option<chrono::NaiveDate>, _>(place).map(|day| day.to_string()),
        "TEXT" => row.get::<Option<String>, _>(place),
        other => panic!("{other}"),
    };
    known.unwrap_or_else(|| "-".to_owned())
}

/// To the cent.
fn number(value: Decimal) -> String {
    value.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero).normalize().to_string()
}

fn cells(view: &View) -> Vec<Vec<String>> {
    let text = |cell: &Cell| match cell {
        Cell::Text(text) => text.clone(),
        Cell::Number(value) => number(*value),
        Cell::Nothing => "-".to_owned(),
    };
    view.rows.iter().map(|row| row.iter().map(text).collect()).collect()
}

/// Whether some columns of the answer are the truth: as many rows, each the same; in the same order where they are ranked.
fn same(truth: &[Vec<String>], rows: &[Vec<String>], ranked: bool) -> bool {
    if truth.len() != rows.len() {
        return false;
    }
    let Some(width) = truth.first().map(Vec::len) else { return true };
    let columns = rows.first().map_or(0, Vec::len);
    let mut chosen = Vec::new();
    fits(truth, rows, ranked, width, columns, &mut chosen)
}

fn fits(
    truth: &[Vec<String>],
    rows: &[Vec<String>],
    ranked: bool,
    width: usize,
    columns: usize,
    chosen: &mut Vec<usize>,
) -> bool {
    let taken: Vec<Vec<&String>> =
        rows.iter().map(|row| chosen.iter().map(|place| &row[*place]).collect()).collect();
    let wanted: Vec<Vec<&String>> = truth.iter().map(|row| row.iter().take(chosen.len()).collect()).collect();
    let (mut left, mut right) = (taken, wanted);
    if !ranked {
        left.sort();
        right.sort();
    }
    if left != right {
        return false;
    }
    if chosen.len() == width {
        return true;
    }
    (0..columns).any(|column| {
        if chosen.contains(&column) {
            return false;
        }
        chosen.push(column);
        let found = fits(truth, rows, ranked, width, columns, chosen);
        chosen.pop();
        found
    })
}

async fn score(name: &str, text: &str) -> Score {
    let books = Books::new().await;
    let turns = turns(text);
    let score = grade(&books, &turns).await;
    let Score { asked, answered, right, open, open_right, report } = &score;
    let percent = |part: usize, whole: usize| part * 100 / whole.max(1);
    let summary = format!(
        "{name}: {asked} with an answer: {answered} answered ({} %), {right} right ({} %); {open} open: {open_right} asked back or refused\n{report}",
        percent(*answered, *asked),
        percent(*right, *answered)
    );
    eprintln!("{summary}");
    assert!(
        percent(*answered, *asked) >= ANSWERED_MIN && percent(*right, *answered) >= RIGHT_MIN,
        "{summary}"
    );
    assert_eq!(open, open_right, "answered what has no answer:\n{summary}");
    score
}

#[tokio::test]
async fn questions_are_answered_as_independent_sql_does() {
    let score = score("questions", include_str!("golden/questions.txt")).await;
    assert!(score.asked + score.open >= 200 && score.open >= 40);
}

#[tokio::test]
async fn dialogues_go_on_as_independent_sql_does() {
    score("dialogues", include_str!("golden/dialogues.txt")).await;
}
