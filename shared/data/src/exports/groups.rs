//! The groups of an analysis as rows of a table.

use domain::{
    metrics::{Analysis, Metric, Unit},
    table::{Block, Column, Kind},
};

use crate::{
    Result, Tenant,
    analytics::{self, Group, Names},
};

/// An analysis that is being read.
pub(super) struct Groups<'t> {
    tenant: &'t mut Tenant,
    analysis: Analysis,
}

impl<'t> Groups<'t> {
    pub(super) async fn begin(tenant: &'t mut Tenant, analysis: Analysis) -> Result<Self> {
        analytics::open_groups(tenant, &analysis).await?;
        Ok(Self { tenant, analysis })
    }

    /// A column a dimension, with what people call its values, and one a metric.
    pub(super) fn columns(&self) -> Vec<Column> {
        let mut columns = Vec::new();
        for dimension in &self.analysis.by {
            let kind = if dimension.is_time() { Kind::Date } else { Kind::Text };
            columns.push(Column::new(dimension.as_str(), kind));
            columns.extend(Names::fields(*dimension).iter().map(|name| Column::new(name, Kind::Text)));
        }
        for metric in &self.analysis.metrics {
            columns.push(Column::new(metric.as_str(), kind_of(*metric)));
            if is_local(*metric) {
                columns.push(Column::new("currency_local", Kind::Text));
            }
        }
        columns
    }

    /// Adds the next groups; none when there are no more.
    pub(super) async fn fill(&mut self, block: &mut Block) -> Result<()> {
        let groups = analytics::next_groups(self.tenant).await?;
        let names =
            analytics::names(self.tenant, &self.analysis.by, groups.iter().map(|group| &group.key)).await?;
        for group in &groups {
            self.push(group, &names, block);
        }
        Ok(())
    }

    fn push(&self, group: &Group, names: &Names, block: &mut Block) {
        for (dimension, value) in self.analysis.by.iter().zip(&group.key) {
            block.push(Kind::Text, value.as_deref());
            for name in names.beside(*dimension, value.as_deref()) {
                block.push(Kind::Text, name);
            }
        }
        for metric in &self.analysis.metrics {
            let figure = metric.value(&group.sums).known().map(|figure| figure.to_string());
            block.push(kind_of(*metric), figure.as_deref());
            if is_local(*metric) {
                let currency = group.sums.currency.as_deref().filter(|_| group.sums.currencies == 1);
                block.push(Kind::Text, currency);
            }
        }
    }
}

fn kind_of(metric: Metric) -> Kind {
    match metric.definition().unit {
        Unit::Euro | Unit::LocalCurrency | Unit::Percent => Kind::Money,
        Unit::Pieces => Kind::Number,
        Unit::Orders | Unit::Buyers => Kind::Integer,
    }
}

fn is_local(metric: Metric) -> bool {
    metric.definition().unit == Unit::LocalCurrency
}
