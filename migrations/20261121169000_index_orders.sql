-- Orders are listed one after the other, however many lines they have.
CREATE INDEX ecommerce_orders_order ON ecommerce_orders (org_id, vendor, order_id) WHERE active;
