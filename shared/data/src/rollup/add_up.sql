ON CONFLICT (org_id, counts_on, vendor, store, store_kind, product_ean, currency, country, line_class, channel) DO UPDATE
SET records = kept.records + excluded.records,
    quantity = kept.quantity + excluded.quantity,
    with_quantity = kept.with_quantity + excluded.with_quantity,
    amount_local = kept.amount_local + excluded.amount_local,
    with_amount = kept.with_amount + excluded.with_amount,
    amount_eur = kept.amount_eur + excluded.amount_eur,
    with_euro = kept.with_euro + excluded.with_euro,
    unconverted = kept.unconverted + excluded.unconverted,
    paired_quantity = kept.paired_quantity + excluded.paired_quantity,
    paired_eur = kept.paired_eur + excluded.paired_eur
