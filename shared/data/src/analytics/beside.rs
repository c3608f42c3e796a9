//! The groups of several analyses side by side.

use std::collections::BTreeMap;

use domain::metrics::{Analysis, Group, Sums};

use super::groups;
use crate::{Result, Tenant};

/// A group that is in one of several analyses or in all of them: its sums in their order, empty where it is in none.
#[derive(Debug, Clone, PartialEq)]
pub struct Beside<const N: usize> {
    pub key: Vec<Option<String>>,
    pub sums: [Sums; N],
}

/// All groups of all analyses, in the order of their keys; `None` when one of them has more than `most`: a cut list would
/// compare wrongly.
///
/// # Errors
/// When the database fails.
pub async fn side_by_side<const N: usize>(
    tenant: &mut Tenant,
    analyses: [&Analysis; N],
    most: u32,
) -> Result<Option<Vec<Beside<N>>>> {
    let mut rows: BTreeMap<Vec<Option<String>>, [Sums; N]> = BTreeMap::new();
    for (place, analysis) in analyses.into_iter().enumerate() {
        let Some(groups) = all(tenant, analysis, most).await? else { return Ok(None) };
        for group in groups {
            let sums = rows.entry(group.key).or_insert_with(|| std::array::from_fn(|_| Sums::default()));
            if let Some(own) = sums.get_mut(place) {
                *own = group.sums;
            }
        }
    }
    Ok(Some(rows.into_iter().map(|(key, sums)| Beside { key, sums }).collect()))
}

/// All groups, or `None` when there are more than `most`.
///
/// # Errors
/// When the database fails.
pub async fn all(tenant: &mut Tenant, analysis: &Analysis, most: u32) -> Result<Option<Vec<Group>>> {
    let analysis = Analysis { limit: Some(most.saturating_add(1)), offset: 0, ..analysis.clone() };
    let groups = groups(tenant, &analysis).await?;
    Ok((groups.len() <= most as usize).then_some(groups))
}
