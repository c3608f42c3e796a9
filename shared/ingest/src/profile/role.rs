//! What columns mean.

use serde::{Deserialize, Serialize};

/// What a column means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    Year,
    Month,
    Date,
    /// The number of the week beside the date of its row.
    Week,
    Period,
    /// Last day of a week.
    WeekEnding,
    /// First day of a week.
    WeekStarting,
    Store,
    Ean,
    /// The vendor's article number.
    Code,
    /// Article number and name in one cell: `131362 - Tester Radio Child EDP 100ml`.
    Article,
    Sku,
    /// Our article number as the vendor knows it; what follows a bracket is not part of it.
    Reference,
    Name,
    Size,
    Quantity,
    Amount,
    /// Price of one piece: where no column has the amount, it is quantity times this, less the discount.
    UnitPrice,
    /// Pieces and money taken back, which are not taken off those of the sales beside them.
    ReturnedQuantity,
    ReturnedAmount,
    /// Taken off the price of the line.
    Discount,
    /// Share of the price that is taken off: `0.15`.
    DiscountRate,
    /// ISO code of the row's amounts.
    Currency,
    /// What the row is: sale, refund, fee.
    LineType,
    /// What became of the sale: paid, cancelled.
    Status,
    /// What the figures of the row are: pieces or money.
    Measure,
    QuantityLastYear,
    AmountLastYear,
    OrderId,
    IsGift,
    CostOfGoods,
    PaymentFee,
    UtmSource,
    UtmMedium,
    UtmCampaign,
    Device,
    /// Address or number of who bought: never kept, at most hashed with a key.
    Buyer,
    Country,
    City,
}

impl Role {
    pub(crate) fn is_figure(self) -> bool {
        matches!(
            self,
            Self::Quantity
                | Self::Amount
                | Self::UnitPrice
                | Self::ReturnedQuantity
                | Self::ReturnedAmount
                | Self::Discount
                | Self::DiscountRate
                | Self::QuantityLastYear
                | Self::AmountLastYear
                | Self::CostOfGoods
                | Self::PaymentFee
        )
    }
}
