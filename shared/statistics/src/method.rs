//! Ways to expect the next value.

/// A method with its parameters. `season` is the number of steps after which things repeat.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Method {
    /// The last value again.
    Naive,
    /// The value one season ago again.
    SeasonalNaive { season: usize },
    /// Simple exponential smoothing: the level, which follows new values by `alpha`.
    Smoothing { alpha: f64 },
    /// Holt and Winters without trend: a level, and what each part of the season differs from it, which follow new values
    /// by `alpha` and `gamma`.
    SeasonalSmoothing { season: usize, alpha: f64, gamma: f64 },
}

/// A method without its parameters, for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MethodKind {
    Naive,
    SeasonalNaive,
    ExponentialSmoothing,
    SeasonalExponentialSmoothing,
}

/// Steps of the search for good parameters: finer ones fit noise.
const ALPHAS: [f64; 5] = [0.1, 0.3, 0.5, 0.7, 0.9];
const GAMMAS: [f64; 3] = [0.1, 0.3, 0.5];

impl Method {
    /// Everything that could be tried on so many values, the plainest first. A season must have been seen twice.
    #[must_use]
    pub fn candidates(values: usize, season: usize) -> Vec<Self> {
        let mut candidates = vec![Self::Naive];
        let seasonal = season > 1 && values >= 2 * season;
        if seasonal {
            candidates.push(Self::SeasonalNaive { season });
        }
        candidates.extend(ALPHAS.map(|alpha| Self::Smoothing { alpha }));
        if seasonal {
            let pairs = ALPHAS.into_iter().flat_map(|alpha| GAMMAS.map(|gamma| (alpha, gamma)));
            candidates.extend(pairs.map(|(alpha, gamma)| Self::SeasonalSmoothing { season, alpha, gamma }));
        }
        candidates
    }

    #[must_use]
    pub fn kind(self) -> MethodKind {
        match self {
            Self::Naive => MethodKind::Naive,
            Self::SeasonalNaive { .. } => MethodKind::SeasonalNaive,
            Self::Smoothing { .. } => MethodKind::ExponentialSmoothing,
            Self::SeasonalSmoothing { .. } => MethodKind::SeasonalExponentialSmoothing,
        }
    }

    /// Values it needs before it expects anything.
    #[must_use]
    pub fn memory(self) -> usize {
        match self {
            Self::Naive | Self::Smoothing { .. } => 1,
            Self::SeasonalNaive { season } | Self::SeasonalSmoothing { season, .. } => season,
        }
    }

    /// What it expects of the `steps` values after these. Empty without enough memory.
    #[must_use]
    pub fn ahead(self, values: &[f64], steps: usize) -> Vec<f64> {
        if values.len() < self.memory() || values.is_empty() {
            return Vec::new();
        }
        match self {
            Self::Naive => vec![values[values.len() - 1]; steps],
            Self::SeasonalNaive { season } => {
                (0..steps).map(|step| values[values.len() - season + step % season]).collect()
            }
            Self::Smoothing { alpha } => {
                let level =
                    values[1..].iter().fold(values[0], |level, value| level + alpha * (value - level));
                vec![level; steps]
            }
            Self::SeasonalSmoothing { season, alpha, gamma } => {
                let mut level = mean(&values[..season]);
                let mut parts: Vec<f64> = values[..season].iter().map(|value| value - level).collect();
                for (at, value) in values.iter().enumerate().skip(season) {
                    let part = &mut parts[at % season];
                    let former = level;
                    level += alpha * (value - *part - former);
                    *part += gamma * (value - level - *part);
                }
                (0..steps).map(|step| level + parts[(values.len() + step) % season]).collect()
            }
        }
    }
}

pub(crate) fn mean(values: &[f64]) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a series has far fewer values than a float has integers")]
    let count = values.len().max(1) as f64;
    values.iter().sum::<f64>() / count
}
