//! Whose rows go into a file.

use super::*;

const COSTS: &str = "
    INSERT INTO ecommerce_orders (id, org_id, upload_id, vendor, line_key, order_id, period_start, period_end, sale_date,
        line_class, quantity, amount_local, amount_eur, currency, vat_included, is_gift, source_row, key_hash, content_hash, active)
    SELECT uuidv7(), org_id, id, 'webshop', '1', 'o1', '2026-02-10', '2026-02-10', '2026-02-10', 'sale', 1, 100, 100, 'EUR', true,
        false, 1, '', '', true FROM uploads;
    INSERT INTO ecommerce_costs (org_id, id, cost_of_goods, payment_fee) SELECT org_id, id, 40, 3 FROM ecommerce_orders;";

impl Lambda {
    async fn policy(&self, who: &Principal, columns: &str, values: &str) {
        let (org, user) = (self.seeded.org, who.user_id);
        let names = format!("INSERT INTO policies (org_id, name, user_id, {columns})");
        self.execute(&format!("{names} VALUES ('{org}', 'p', '{user}', {values})")).await;
    }
}

#[tokio::test]
async fn somebody_who_sees_one_vendor_gets_its_rows_alone() {
    let lambda = Lambda::with_rows(100).await;
    let limited = lambda.database.principal(lambda.seeded.org, "viewer").await;
    lambda.policy(&limited, "vendors", "'{liberty}'").await;
    let id = lambda.ask(&limited, &all_sales(), ExportFormat::Csv).await;
    lambda.run(id).await.unwrap();
    let rows = records(&lambda.file(id).await);
    assert_eq!(rows.len(), 50);
    assert!(rows.iter().all(|row| row["vendor"] == "liberty"));
    assert_eq!(lambda.export(id).await.rows_total, Some(50));
    let analysis = Selection::Analysis(Analysis::of(&[Metric::Units]).by(&[Dimension::Vendor]));
    let id = lambda.ask(&limited, &analysis, ExportFormat::Csv).await;
    lambda.run(id).await.unwrap();
    assert_eq!(records(&lambda.file(id).await).len(), 1);
}

#[tokio::test]
async fn a_permission_that_is_taken_away_before_the_file_is_made_fails_it_visibly() {
    let lambda = Lambda::with_rows(10).await;
    for taken in ["effect, permission", "role"] {
        let viewer = lambda.database.principal(lambda.seeded.org, "viewer").await;
        let id = lambda.ask(&viewer, &all_sales(), ExportFormat::Csv).await;
        if taken == "role" {
            lambda
                .execute(&format!("UPDATE users SET disabled_at = now() WHERE id = '{}'", viewer.user_id))
                .await;
        } else {
            lambda.policy(&viewer, taken, "'deny', 'sales:read'").await;
        }
        assert!(matches!(lambda.run(id).await, Err(JobError::Permanent(_))));
        let export = lambda.export(id).await;
        assert_eq!(
            (export.status.0, export.error.unwrap().code),
            (ExportStatus::Failed, "forbidden".to_owned())
        );
        assert_eq!(lambda.ctx.files.head(&exports::object_key(lambda.seeded.org, id)).await.unwrap(), None);
    }
}

#[tokio::test]
async fn costs_are_columns_for_those_who_may_see_them() {
    let lambda = Lambda::with_rows(1).await;
    lambda.execute(COSTS).await;
    let orders = Selection::Orders(data::orders::Filter { country: None, ..Default::default() });
    for (role, shown) in [("viewer", false), ("analyst", true)] {
        let who = lambda.database.principal(lambda.seeded.org, role).await;
        let id = lambda.ask(&who, &orders, ExportFormat::Csv).await;
        lambda.run(id).await.unwrap();
        let rows = records(&lambda.file(id).await);
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].get("cost_of_goods").map(String::as_str), shown.then_some("40.00"), "{role}");
    }
    let profit = Selection::Analysis(Analysis::of(&[Metric::GrossProfitEur]));
    let viewer = lambda.database.principal(lambda.seeded.org, "viewer").await;
    let id = lambda.ask(&viewer, &profit, ExportFormat::Csv).await;
    assert!(matches!(lambda.run(id).await, Err(JobError::Permanent(_))));
}

#[tokio::test]
async fn nobody_sees_or_changes_what_somebody_else_has_exported() {
    let lambda = Lambda::with_rows(1).await;
    let (one, other) =
        (lambda.seeded.principal(), lambda.database.principal(lambda.seeded.org, "admin").await);
    let id = lambda.ask(&one, &all_sales(), ExportFormat::Csv).await;
    let mut tenant = lambda.ctx.database.tenant(&other).await.unwrap();
    assert_eq!(exports::find(&mut tenant, id).await.unwrap(), None);
    assert!(exports::list(&mut tenant, 10, None).await.unwrap().is_empty());
    drop(tenant);
    let mut tenant = lambda.ctx.database.tenant(&one).await.unwrap();
    assert_eq!(exports::list(&mut tenant, 10, None).await.unwrap().len(), 1);
    assert!(matches!(exports::claim(&mut tenant, id).await.unwrap(), Claim::Ended), "that is for the job");
}
