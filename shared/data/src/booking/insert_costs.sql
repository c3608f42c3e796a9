-- Costs of the lines just written. $1 org
INSERT INTO ecommerce_costs (org_id, id, cost_of_goods, payment_fee)
SELECT $1, id, cost_of_goods, payment_fee FROM pg_temp.staged_rows WHERE num_nonnulls(cost_of_goods, payment_fee) > 0
