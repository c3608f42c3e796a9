//! Files damaged at random: whatever they hold, reading ends in a report or a refusal and no line gets lost.

use std::{fs, path::PathBuf};

use proptest::prelude::*;

use crate::system::{read, test_data};

fn file(name: &str, bytes: &[u8]) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, bytes).unwrap();
    path
}

const CELLS: &str =
    "2026|13|x|-1|1,5|1.234|1.234,50|\\(3\\)|−2|#REF!|Total|9529843000349||0| |\"|€ 5|\\$ 5|04/05/2026";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn damaged_workbooks_never_break_the_reader(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in 0usize..3) {
        let name = "AVELINEPAR_ReportPeriod04-2026.xlsx";
        let mut bytes = fs::read(test_data().join("files/skins_nl").join(name)).unwrap();
        let index = at.index(bytes.len());
        bytes[index] = byte;
        if cut == 0 {
            bytes.truncate(index);
        }
        let _ = read(&file("damaged.xlsx", &bytes), name);
    }

    #[test]
    fn damaged_reports_never_break_the_reader(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let name = "Continuity Supplier Size Report 26_04_2026.xlsm - Sales By Size.csv";
        let mut bytes = fs::read(test_data().join("files/liberty").join(name)).unwrap();
        let index = at.index(bytes.len());
        bytes[index] = byte;
        let _ = read(&file("damaged.csv", &bytes), name);
    }

    #[test]
    fn every_line_of_a_table_is_accepted_rejected_or_ignored(
        rows in prop::collection::vec(prop::collection::vec(CELLS, 0..9), 1..12),
    ) {
        let mut text = "YEAR|MONTH|POS|EAN|QTY|AMOUNT|DESCRIPTION\n2026|4|A|9529843000349|1|80,99|X\n".to_owned();
        for row in &rows {
            text += &format!("{}\n", row.join("|"));
        }
        let outcome = read(&file("table.csv", text.as_bytes()), "table.csv");
        if let Ok(report) = &outcome.report {
            let counts = report.rows;
            prop_assert_eq!(counts.read, counts.accepted + counts.rejected + counts.ignored);
            prop_assert_eq!(counts.accepted, outcome.main_rows().count() as u64);
            prop_assert_eq!(counts.rejected, report.rejects.len() as u64);
        }
    }
}
