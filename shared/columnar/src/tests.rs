use domain::table::Kind;
use parquet::{
    file::reader::{FileReader as _, SerializedFileReader},
    record::{Field, RowAccessor as _},
};

use super::*;

const KINDS: [(&str, Kind); 7] = [
    ("text", Kind::Text),
    ("money", Kind::Money),
    ("number", Kind::Number),
    ("integer", Kind::Integer),
    ("date", Kind::Date),
    ("time", Kind::Time),
    ("flag", Kind::Flag),
];

fn columns() -> Vec<Column> {
    KINDS.iter().map(|(name, kind)| Column::new(name, *kind)).collect()
}

fn block(rows: &[[Option<&str>; 7]]) -> Block {
    let mut block = Block::new(7);
    for row in rows {
        for ((_, kind), cell) in KINDS.iter().zip(row) {
            block.push(*kind, *cell);
        }
    }
    block
}

#[test]
fn values_are_read_back_with_their_types() {
    let full = ["=1+1", "-661.507", "3", "-12", "2026-01-31", "2026-01-31T12:00:00Z", "true"].map(Some);
    let mut writer = ParquetWriter::with_groups_of(2, &columns()).unwrap();
    for rows in [&[full, [None; 7]][..], &[full]] {
        writer.write(&block(rows)).unwrap();
    }
    let mut bytes = std::mem::take(writer.ready());
    bytes.extend(writer.finish().unwrap());

    let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
    assert_eq!(reader.num_row_groups(), 2);
    let rows: Vec<_> = reader.get_row_iter(None).unwrap().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0].get_string(0).unwrap(), "=1+1", "no program runs what is in a Parquet file");
    let decimal = rows[0].get_decimal(1).unwrap();
    assert_eq!(decimal.scale(), 18);
    assert_eq!(i128::from_be_bytes(decimal.data().try_into().unwrap()), -661_507_000_000_000_000_000);
    assert_eq!(rows[0].get_long(3).unwrap(), -12);
    let days = chrono::NaiveDate::from_ymd_opt(2026, 1, 31).unwrap().to_epoch_days();
    assert_eq!(rows[0].get_column_iter().nth(4).unwrap().1, &Field::Date(days));
    assert!(rows[0].get_bool(6).unwrap());
    assert!(rows[1].get_column_iter().all(|(_, field)| *field == Field::Null));
}

#[test]
fn an_empty_table_is_a_file_with_columns_and_no_rows() {
    let writer = ParquetWriter::new(&columns()).unwrap();
    let reader = SerializedFileReader::new(bytes::Bytes::from(writer.finish().unwrap())).unwrap();
    assert_eq!(reader.metadata().file_metadata().num_rows(), 0);
    assert_eq!(reader.metadata().file_metadata().schema().get_fields().len(), 7);
}

#[test]
fn a_value_that_is_none_of_its_column_is_refused_by_name() {
    let mut writer = ParquetWriter::new(&columns()).unwrap();
    let mut row = [None; 7];
    row[1] = Some("0.1234567890123456789");
    let error = writer.write(&block(&[row])).unwrap_err();
    assert_eq!(error.to_string(), "0.1234567890123456789 in column money is not what the column is of");
}
