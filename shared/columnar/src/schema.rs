//! Columns as a schema of Parquet.

use std::sync::Arc;

use domain::table::{Column, Kind};
use parquet::{
    basic::{LogicalType, Repetition, Type as Physical},
    errors::ParquetError,
    schema::types::{Type, TypePtr},
};

use crate::values::{DECIMAL_BYTES, DIGITS, SCALE};

pub(crate) fn of(columns: &[Column]) -> Result<TypePtr, ParquetError> {
    let fields = columns.iter().map(field).collect::<Result<_, _>>()?;
    Ok(Arc::new(Type::group_type_builder("rows").with_fields(fields).build()?))
}

fn field(column: &Column) -> Result<TypePtr, ParquetError> {
    let (physical, logical) = match column.kind {
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Money | Kind::Number => {
            (Physical::FIXED_LEN_BYTE_ARRAY, Some(LogicalType::decimal(SCALE, DIGITS)))
        }
        Kind::Integer => (Physical::INT64, None),
        Kind::Date => (Physical::INT32, Some(LogicalType::Date)),
        Kind::Time => (Physical::INT64, Some(LogicalType::timestamp(true, parquet::basic::TimeUnit::MILLIS))),
        Kind::Flag => (Physical::BOOLEAN, None),
    };
    let mut builder = Type::primitive_type_builder(&column.name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical);
    if matches!(column.kind, Kind::Money | Kind::Number) {
        builder = builder.with_length(DECIMAL_BYTES).with_precision(DIGITS).with_scale(SCALE);
    }
    Ok(Arc::new(builder.build()?))
}
