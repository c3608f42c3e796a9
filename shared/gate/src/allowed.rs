//! Functions, operators and types that statements may use. Names are compared as PostgreSQL resolved them: case and escapes are
//! gone by then.

/// Sums, windows, texts, times and figures; none of them reads anything but its arguments.
const FUNCTIONS: &[&str] = &[
    // Aggregates.
    "any_value",
    "array_agg",
    "avg",
    "bit_and",
    "bit_or",
    "bool_and",
    "bool_or",
    "corr",
    "count",
    "covar_pop",
    "covar_samp",
    "every",
    "max",
    "min",
    "mode",
    "percentile_cont",
    "percentile_disc",
    "regr_avgx",
    "regr_avgy",
    "regr_count",
    "regr_intercept",
    "regr_r2",
    "regr_slope",
    "regr_sxx",
    "regr_sxy",
    "regr_syy",
    "stddev",
    "stddev_pop",
    "stddev_samp",
    "string_agg",
    "sum",
    "var_pop",
    "var_samp",
    "variance",
    // Windows.
    "cume_dist",
    "dense_rank",
    "first_value",
    "lag",
    "last_value",
    "lead",
    "nth_value",
    "ntile",
    "percent_rank",
    "rank",
    "row_number",
    // Figures.
    "abs",
    "cbrt",
    "ceil",
    "ceiling",
    "degrees",
    "div",
    "erf",
    "exp",
    "floor",
    "gcd",
    "lcm",
    "ln",
    "log",
    "log10",
    "mod",
    "pi",
    "power",
    "pow",
    "radians",
    "round",
    "scale",
    "sign",
    "sqrt",
    "trim_scale",
    "trunc",
    "width_bucket",
    // Texts.
    "ascii",
    "bit_length",
    "btrim",
    "char_length",
    "character_length",
    "chr",
    "concat",
    "concat_ws",
    "format",
    "initcap",
    "left",
    "length",
    "like_escape",
    "lower",
    "lpad",
    "ltrim",
    "octet_length",
    "overlay",
    "position",
    "regexp_count",
    "regexp_like",
    "regexp_match",
    "regexp_replace",
    "regexp_substr",
    "repeat",
    "replace",
    "reverse",
    "right",
    "rpad",
    "rtrim",
    "similar_to_escape",
    "split_part",
    "starts_with",
    "strpos",
    "substr",
    "substring",
    "to_char",
    "to_hex",
    "to_number",
    "translate",
    "upper",
    // Times.
    "age",
    "clock_timestamp",
    "date",
    "date_add",
    "date_bin",
    "date_part",
    "date_subtract",
    "date_trunc",
    "extract",
    "isfinite",
    "justify_days",
    "justify_hours",
    "justify_interval",
    "make_date",
    "make_interval",
    "make_time",
    "make_timestamp",
    "make_timestamptz",
    "now",
    "overlaps",
    "statement_timestamp",
    "timezone",
    "to_date",
    "to_timestamp",
    "transaction_timestamp",
    // Lists.
    "array_length",
    "array_position",
    "array_remove",
    "array_to_string",
    "cardinality",
    "num_nonnulls",
    "num_nulls",
];

/// Functions that make rows, in FROM.
const ROWS: [&str; 2] = ["generate_series", "unnest"];

const OPERATORS: [&str; 27] = [
    "+", "-", "*", "/", "%", "^", "=", "<>", "!=", "<", ">", "<=", ">=", "||", "~~", "!~~", "~~*", "!~~*",
    "~", "!~", "~*", "!~*", "@", "@>", "<@", "&&", "|/",
];

/// Those that match a regular expression.
const MATCHES: [&str; 4] = ["~", "!~", "~*", "!~*"];

const TYPES: [&str; 28] = [
    "bool",
    "boolean",
    "int2",
    "int4",
    "int8",
    "smallint",
    "int",
    "integer",
    "bigint",
    "numeric",
    "decimal",
    "float4",
    "float8",
    "real",
    "double precision",
    "text",
    "varchar",
    "bpchar",
    "char",
    "date",
    "time",
    "timetz",
    "timestamp",
    "timestamptz",
    "interval",
    "uuid",
    "bit",
    "varbit",
];

pub(crate) fn function(name: &str) -> bool {
    FUNCTIONS.contains(&name)
}

pub(crate) fn makes_rows(name: &str) -> bool {
    ROWS.contains(&name)
}

pub(crate) fn operator(name: &str) -> bool {
    OPERATORS.contains(&name)
}

pub(crate) fn matches_pattern(name: &str) -> bool {
    MATCHES.contains(&name)
}

pub(crate) fn type_name(name: &str) -> bool {
    TYPES.contains(&name)
}
