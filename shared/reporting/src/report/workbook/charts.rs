//! Charts that the program draws, beside the figures that they are drawn from.

use rust_xlsxwriter::{
    Chart as Drawn, ChartFormat, ChartLegendPosition, ChartLine, ChartSolidFill, ChartType,
};

use super::{
    WorkbookReport,
    formats::{NumberFormat, colour},
};
use crate::{
    Error,
    document::{Chart, ChartKind},
    text::cell_text,
    theme::BEHIND,
};

/// Rows that a chart covers, with one below it.
const CHART_ROWS: u32 = 17;
/// Longer ones make Excel refuse the workbook, in UTF-16 units of which a letter takes two at most.
const TITLE_MAX: usize = 127;
/// In pixels.
const SIZE: (u32, u32) = (640, 310);

pub(super) fn write(report: &mut WorkbookReport, chart: &Chart) -> Result<(), Error> {
    let (formats, theme) = (report.formats.clone(), report.theme);
    let locale = report.head.locale;
    let at = report.sheet.as_mut().ok_or(Error::NoTable)?;
    let sheet = report.xlsx.worksheet_from_index(at.index)?;
    let number = NumberFormat::of_unit(chart.unit);
    sheet.write_string_with_format(at.row, 0, &*cell_text(&chart.title), &formats.strong)?;
    let head = at.row + 1;
    sheet.set_column_width(0, 26)?;
    sheet.write_blank(head, 0, &formats.head)?;
    let places = (1_u16..).zip(&chart.series);
    for (place, series) in places.clone() {
        sheet.set_column_width(place, 20)?;
        sheet.write_string_with_format(head, place, &*cell_text(&series.name), &formats.head_right)?;
    }
    for (row, (category, name)) in (head + 1..).zip(chart.categories.iter().enumerate()) {
        sheet.write_string(row, 0, &*cell_text(name))?;
        for (place, series) in places.clone() {
            if let Some(value) = series.values.get(category).copied().flatten() {
                formats.number(sheet, (row, place), value, number)?;
            }
        }
    }
    let count = u32::try_from(chart.categories.len()).unwrap_or(u32::MAX);
    let last = head + count;
    let mut next = last + 1;
    if let Some(note) = &chart.note {
        sheet.write_string_with_format(next, 0, &*cell_text(note), &formats.muted)?;
        next += 1;
    }
    if count > 0 {
        let mut drawn = Drawn::new(type_of(chart.kind));
        let mut coloured = 0;
        for (place, series) in places {
            let own = if series.is_background {
                BEHIND
            } else {
                coloured += 1;
                theme.series(coloured - 1)
            };
            let mut format = match chart.kind {
                ChartKind::Line => ChartFormat::new()
                    .set_line(ChartLine::new().set_color(colour(own)).set_width(2.25))
                    .clone(),
                _ => ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color(colour(own))).clone(),
            };
            drawn
                .add_series()
                .set_categories((at.name.as_str(), head + 1, 0, last, 0))
                .set_values((at.name.as_str(), head + 1, place, last, place))
                .set_name((at.name.as_str(), head, place))
                .set_format(&mut format);
        }
        let title: String = chart.title.chars().take(TITLE_MAX).collect();
        drawn.title().set_name(&title);
        drawn.set_width(SIZE.0).set_height(SIZE.1).set_alt_text(&title);
        drawn.y_axis().set_num_format(number.code(locale));
        match chart.series.len() {
            0 | 1 => drawn.legend().set_hidden(),
            _ => drawn.legend().set_position(ChartLegendPosition::Bottom),
        };
        if chart.kind == ChartKind::HorizontalBar {
            // The first name stands above.
            drawn.x_axis().set_reverse();
        }
        let right = u16::try_from(chart.series.len()).unwrap_or(u16::MAX).saturating_add(2);
        sheet.insert_chart(at.row, right, &drawn)?;
    }
    at.row = next.max(at.row + CHART_ROWS) + 1;
    Ok(())
}

fn type_of(kind: ChartKind) -> ChartType {
    match kind {
        ChartKind::Line => ChartType::Line,
        ChartKind::Bar => ChartType::Column,
        ChartKind::HorizontalBar => ChartType::Bar,
        ChartKind::StackedBar => ChartType::ColumnStacked,
    }
}
