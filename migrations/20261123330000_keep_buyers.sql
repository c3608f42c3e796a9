-- An organisation may count its customers: of whoever buys in its web shop a keyed hash is kept, never the address it is made
-- of. The key is made of a secret outside of the database and of this salt; without the salt nobody can tell buyers apart again.
-- NULL: nothing is kept of buyers.
ALTER TABLE organizations ADD COLUMN buyer_salt uuid;
ALTER TABLE ecommerce_orders ADD COLUMN buyer uuid;

-- Whoever decides against it wants it gone, with the same transaction, whatever rows the one who says so may see.
CREATE FUNCTION service.forget_buyers() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    UPDATE public.ecommerce_orders SET buyer = NULL WHERE org_id = new.id AND buyer IS NOT NULL;
    RETURN NULL;
END
$$;
CALL wall.serve('service.forget_buyers()');
CALL wall.allow_service('ecommerce_orders', 'org_id, buyer');
CREATE POLICY service_forget ON ecommerce_orders FOR UPDATE TO shelfline_service USING (true) WITH CHECK (buyer IS NULL);
GRANT UPDATE (buyer) ON ecommerce_orders TO shelfline_service;
CREATE TRIGGER forget_buyers AFTER UPDATE OF buyer_salt ON organizations FOR EACH ROW
    WHEN (old.buyer_salt IS NOT NULL AND new.buyer_salt IS DISTINCT FROM old.buyer_salt) EXECUTE FUNCTION service.forget_buyers();
