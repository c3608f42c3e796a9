use super::*;

const COLUMNS: Columns = Columns { required: &["ean", "name"], optional: |name| name.ends_with("_name") };

fn read(body: &[u8]) -> Result<Table, ApiError> {
    Table::read(body, &COLUMNS)
}

/// Row and name.
type Taken = (u64, String);
/// Row, column and code.
type Rejected = (u64, String, &'static str);

fn outcome(body: &str) -> (Vec<Taken>, Vec<Rejected>) {
    let table = read(body.as_bytes()).unwrap();
    let name = |row: &Row| row.required("name", |text| Ok(text.to_owned()));
    let (rows, rejects) = table.rows(name, "name", Clone::clone);
    let rows = rows.into_iter().map(|(row, name)| (row.number(), name)).collect();
    (rows, rejects.into_iter().map(|reject| (reject.row, reject.column, reject.code)).collect())
}

#[test]
fn columns_are_found_by_name_in_any_order_and_case() {
    let (rows, rejects) = outcome("\u{feff} Name ,liberty_name,EAN\n\"One, \"\"first\"\"\",x,1\n Two ,,2");
    assert_eq!(rows, [(2, "One, \"first\"".to_owned()), (3, "Two".to_owned())]);
    assert!(rejects.is_empty());
}

#[test]
fn rows_are_numbered_as_the_lines_of_the_file() {
    for body in ["ean,name\n1,A\n\n3,B\n", "ean,name\r\n1,A\r\n\r\n3,B\r\n"] {
        assert_eq!(outcome(body).0, [(2, "A".to_owned()), (4, "B".to_owned())], "{body:?}");
    }
}

#[test]
fn rows_that_no_column_can_hold_are_rejected_and_the_others_taken() {
    let long = "x".repeat(CELL_CHARS_MAX + 1);
    let (rows, rejects) =
        outcome(&format!("ean,name\n1\n2,B,C\n3,\n4,a\u{0}b\n5,{long}\n6,F\n7,F\n8,\"G\nH"));
    assert_eq!(rows, [(7, "F".to_owned())]);
    let expected = [
        (2, "name", "cell_count"),
        (3, "name", "cell_count"),
        (4, "name", "required"),
        (5, "name", "control_character"),
        (6, "name", "too_long"),
        (8, "name", "duplicate"),
        (9, "name", "control_character"),
    ];
    assert_eq!(rejects, expected.map(|(row, column, code)| (row, column.to_owned(), code)));
}

#[test]
fn a_header_at_fault_is_refused_naming_the_columns() {
    for (body, expected) in [
        ("", vec![("ean", "missing_column"), ("name", "missing_column")]),
        ("ean\n1", vec![("name", "missing_column")]),
        ("ean,name,colour\n", vec![("colour", "unknown_column")]),
        ("ean,name,\n", vec![("", "unknown_column")]),
        ("ean,name,ean\n", vec![("ean", "duplicate_column")]),
        (
            "ean;name\n",
            vec![("ean", "missing_column"), ("name", "missing_column"), ("ean;name", "unknown_column")],
        ),
    ] {
        let error = read(body.as_bytes()).unwrap_err();
        let fields: Vec<_> = error.fields().iter().map(|f| (f.pointer.as_str(), f.code.as_str())).collect();
        assert_eq!((error.status().as_u16(), error.code()), (422, "invalid_header"), "{body:?}");
        assert_eq!(fields, expected, "{body:?}");
    }
}

#[test]
fn a_refusal_stays_small_whatever_the_header() {
    let error = read("c,".repeat(100_000).as_bytes()).unwrap_err();
    assert_eq!(error.fields().len(), FIELDS_NAMED_MAX);
    let error = read(format!("ean,name,{}_name", "é".repeat(100_000)).as_bytes()).unwrap_err();
    assert_eq!(error.fields()[0].pointer.chars().count(), COLUMN_CHARS_MAX);
}

#[test]
fn other_encodings_are_refused_naming_the_line() {
    let utf16 = b"\xff\xfee\x00a\x00n\x00";
    for (body, line) in [(&b"ean,name\n1,Caf\xe9\n"[..], "Line 2"), (&utf16[..], "Line 1")] {
        let error = read(body).unwrap_err();
        assert_eq!((error.status().as_u16(), error.code()), (422, "not_utf8"));
        assert!(format!("{error:?}").contains(line), "{error:?}");
    }
}

#[test]
fn bytes_and_rows_are_limited() {
    let filled = |rows: usize| format!("ean,name\n{}", "1,A\n".repeat(rows));
    assert!(read(filled(ROWS_MAX).as_bytes()).is_ok());
    assert_eq!(read(filled(ROWS_MAX + 1).as_bytes()).unwrap_err().code(), "too_many_rows");
    let error = read(&vec![b'x'; BODY_BYTES_MAX + 1]).unwrap_err();
    assert_eq!((error.status().as_u16(), error.code()), (413, "body_too_large"));
}
